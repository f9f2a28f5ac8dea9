import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';
import { post } from '../support/raw_http.ts';
import { startUploadServer } from './upload_server.ts';

const boundary = 'b0undary';
const contentType = `multipart/form-data; boundary=${boundary}`;
const picture = Buffer.from(pngOf(600).bytes).toString('latin1');
const sound = Buffer.from(wavOf(600).bytes).toString('latin1');

/** A part as a certain client writes it: the text after `form-data`, further headers, the body. */
const part = (disposition: string, body: string, ...headers: string[]) =>
  [`Content-Disposition: form-data${disposition}`, ...headers, '', body].join('\r\n');
const form = (...parts: string[]) =>
  Buffer.from(
    `${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}--${boundary}--\r\n`,
    'latin1',
  );
const image = part('; name="image"; filename="a.png"', picture);
const audio = part('; name="audio"; filename="a.wav"', sound);

describe('3.2 forms as ordinary clients write them', () => {
  test('are taken, each with the bytes that were sent', async (t) => {
    const server = await startUploadServer(t);
    const accepted: [string, Buffer][] = [
      ['no file names', form(part('; name="image"', picture), part('; name="audio"', sound))],
      [
        'no file names, but types',
        form(
          part('; name="image"', picture, 'Content-Type: image/png'),
          part('; name="audio"', sound, 'Content-Type: application/octet-stream'),
        ),
      ],
      ['blanks around =', form(part(' ; name = "image" ; filename = "a.png"', picture), audio)],
      ['no quotes', form(part('; name=image; filename=a.png', picture), audio)],
      [
        'quotes in a file name, as they are',
        form(part('; name="image"; filename="a "nice" one.png"', picture), audio),
      ],
      [
        'the same, with another parameter behind',
        form(part('; filename="say "hi; you".png"; name="image"', picture), audio),
      ],
      ['an escaped quote', form(part('; name="image"; filename="a\\"; b.png"', picture), audio)],
      ['a blank webhookUrl', form(image, part('; name="webhookUrl"', ''), audio)],
      ['one of spaces', form(image, part('; name="webhookUrl"', '  '), audio)],
      ['captions of spaces', form(image, part('; name="captions"', ' \r\n'), audio)],
      ['no captions chosen', form(image, part('; name="captions"; filename=""', ''), audio)],
      [
        'a blank one whose boundary follows at once',
        Buffer.from(
          form(image, part('; name="webhookUrl"', '@'), audio)
            .toString('latin1')
            .replace('@\r\n', ''),
          'latin1',
        ),
      ],
    ];
    for (const [what, body] of accepted) {
      const { status, body: text } = await post(
        `${server.url}/upload`,
        { 'Content-Type': contentType },
        body,
      );
      assert.equal(status, 201, `${what}: ${text}`);
      const { imageBlobId, audioBlobId, webhookUrl } = JSON.parse(text);
      assert.equal(webhookUrl, null, what);
      for (const [id, sent] of [
        [imageBlobId, picture],
        [audioBlobId, sound],
      ]) {
        const stored = await buffer(Readable.from(server.store.read(id)));
        assert.equal(stored.toString('latin1'), sent, what);
      }
    }
    const padded = form(image, audio, part('; name="webhookUrl"', ' https://a.example/hook\r\n'));
    const answer = await post(`${server.url}/upload`, { 'Content-Type': contentType }, padded);
    assert.equal(JSON.parse(answer.body).webhookUrl, 'https://a.example/hook');
    const address = part('; name="imageUrl"', 'https://a.example/a.png');
    const blank = form(part('; name="image"', ' '), address, audio);
    const byAddress = await post(`${server.url}/upload`, { 'Content-Type': contentType }, blank);
    assert.deepEqual(JSON.parse(byAddress.body).sources, { image: 'https://a.example/a.png' });
  });

  test('or refused with what to do about it, and nothing is left', async (t) => {
    const server = await startUploadServer(t);
    const whole = multipart({ image: pngOf(60), audio: wavOf(60) }, boundary).body;
    const text = whole.toString('latin1');
    const bare = (changed: string) => Buffer.from(changed, 'latin1');
    const refused: [string, number, RegExp, Buffer, string?][] = [
      ['bare LF', 400, /CR LF/, bare(text.replaceAll('\r\n', '\n'))],
      ['bare CR', 400, /CR LF/, bare(text.replaceAll('\r\n', '\r'))],
      ['bare LF in headers', 400, /CR LF/, bare(text.replaceAll('form-data; ', 'form-data;\n '))],
      [
        'bare LF at boundaries',
        400,
        /CR LF/,
        bare(text.replaceAll(`\r\n--${boundary}`, `\n--${boundary}`)),
      ],
      ['a raw picture', 415, /curl -F image=@/, whole, 'image/png'],
      ['raw bytes', 415, /multipart\/form-data/, whole, 'application/octet-stream'],
      [
        'fields of a text form',
        400,
        /multipart\/form-data/,
        Buffer.from('image=a'),
        'application/x-www-form-urlencoded',
      ],
      ['a name that cannot be read', 400, /name="im/, form(part('; name="im', picture), audio)],
      [
        'another type without a name',
        415,
        /"image"/,
        form(part('; name="image"', 'text', 'Content-Type: text/plain'), audio),
      ],
      [
        'webhook_url',
        400,
        /mean webhookUrl/,
        form(image, part('; name="webhook_url"', 'https://a.example/'), audio),
      ],
      [
        'webhookurl',
        400,
        /mean webhookUrl/,
        form(image, part('; name="webhookurl"', 'https://a.example/'), audio),
      ],
    ];
    for (const [what, status, sentence, body, type = contentType] of refused) {
      const answer = await post(`${server.url}/upload`, { 'Content-Type': type }, body);
      assert.equal(answer.status, status, `${what}: ${answer.body}`);
      assert.match(JSON.parse(answer.body).error, sentence, what);
    }
    assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 });
  });
});
