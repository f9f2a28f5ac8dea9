import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import sharp from 'sharp';
import { suiteCleanup } from '../support/database.ts';
import { decode, soundOf } from '../support/decode.ts';
import { assertVideo, synthesize } from '../support/media.ts';
import { type JobStatus, type Service, startService } from '../support/service.ts';

const publicUrl = /^http:\/\/localhost:\d+$/;

describe('section 5: what comes out', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let folder: string;
  let audio: Buffer<ArrayBuffer>;
  let job: JobStatus;
  let video: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidgen-output-'));
    cleanup.after(() => rm(folder, { recursive: true }));
    service = await startService(cleanup, { worker: true });
    const sound = await synthesize(folder, 'voice.mp3', 'sine=f=300:d=3.217', '-b:a', '96k');
    audio = Buffer.from(await readFile(sound));
    job = await rendered(await picture());
    video = job.outputVideo ?? '';
  });

  /** Stored on its side: by its EXIF orientation it is 361 wide and 641 high. */
  const picture = async () => {
    const one = sharp({ create: { width: 641, height: 361, channels: 3, background: 'teal' } });
    return Buffer.from(await one.jpeg().withMetadata({ orientation: 6 }).toBuffer());
  };
  const rendered = async (image: Buffer<ArrayBuffer>, end = 'COMPLETED'): Promise<JobStatus> => {
    const key = await service.createKey();
    const files = { image: new Blob([image]), audio: new Blob([audio]) };
    const submitted = (await (await service.submit(key, files)).json()) as { jobId: string };
    return service.until(key, submitted.jobId, end);
  };

  test('5.1 outputVideo and outputShareLink are absolute, unguessable and need no key', async () => {
    const share = job.outputShareLink ?? '';
    assert.match(new URL(video).origin, publicUrl);
    assert.match(new URL(share).origin, publicUrl);
    const [, ofVideo] = /\/([\w-]{22})\/video\.mp4$/.exec(video) ?? [];
    const [, ofShare] = /\/share\/([\w-]{22})$/.exec(share) ?? [];
    assert.ok(ofVideo && ofVideo === ofShare);
    assert.equal(Buffer.from(ofVideo, 'base64url').length * 8, 128);
    assert.ok(!video.includes(job.jobId));
    for (const address of [video, share]) assert.equal((await fetch(address)).status, 200);
    const guessed = `${ofVideo[0] === 'A' ? 'B' : 'A'}${ofVideo.slice(1)}`;
    for (const address of [video, share])
      assert.equal((await fetch(address.replace(ofVideo, guessed))).status, 404);
  });

  test('5.2 the video can be cached, continued and sought in', async () => {
    const whole = await fetch(video);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('ETag') ?? '';
    assert.equal(whole.headers.get('Content-Type'), 'video/mp4');
    assert.equal(whole.headers.get('Accept-Ranges'), 'bytes');
    assert.equal(whole.headers.get('Content-Length'), String(bytes.length));
    assert.match(etag, /^"[^"]+"$/, 'a strong ETag');

    const head = await fetch(video, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('ETag'), etag);
    assert.equal(head.headers.get('Content-Length'), String(bytes.length));

    const part = await fetch(video, { headers: { Range: 'bytes=1000-1999' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('Content-Range'), `bytes 1000-1999/${bytes.length}`);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(1_000, 2_000));

    const known = await fetch(video, { headers: { 'If-None-Match': etag } });
    assert.equal(known.status, 304);
    const beyond = await fetch(video, { headers: { Range: `bytes=${bytes.length}-` } });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers.get('Content-Range'), `bytes */${bytes.length}`);
  });

  test('5.3 the share link is a page with player, poster, preview tags and download', async () => {
    const page = await fetch(job.outputShareLink ?? '');
    assert.match(page.headers.get('Content-Type') ?? '', /^text\/html/);
    const html = await page.text();
    for (const part of [
      /<video\b[^>]*controls/,
      /<video\b[^>]*poster="[^"]+"/,
      /property="og:video"/,
      /property="og:image"/,
      /name="twitter:card" content="player"/,
      /name="twitter:player"/,
      /href="[^"]*video\.mp4\?download/,
    ])
      assert.match(html, part);
    const [, poster = ''] = /poster="([^"]+)"/.exec(html) ?? [];
    const answer = await fetch(new URL(poster, video));
    assert.equal(answer.headers.get('Content-Type'), 'image/jpeg');
    const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    assert.ok(height > width, 'upright like the video');
  });

  test('5.4 an MP4 of the promised kind: upright, even, as long as the audio', async () => {
    const path = join(folder, 'video.mp4');
    const bytes = Buffer.from(await (await fetch(video)).arrayBuffer());
    await writeFile(path, bytes);
    const { streams, format } = await assertVideo(path);
    const { width, height } = streams[0] ?? {};
    assert.ok([width, height].every((side) => Number(side) % 2 === 0));
    assert.ok(Math.abs(Number(width) - 361) <= 1 && Math.abs(Number(height) - 641) <= 1);
    assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'faststart');
    await writeFile(join(folder, 'sent.mp3'), audio);
    const [sound] = await decode(soundOf(join(folder, 'sent.mp3'), ['-ac', '1', '-ar', '48000']));
    const seconds = sound.length / 48_000;
    assert.ok(Math.abs(Number(format.duration) - seconds) <= 0.04, `${format.duration} ${seconds}`);
  });

  test('3.5 a picture that cannot be decoded ends FAILED, and says what to do', async () => {
    const broken = (await picture()).subarray(0, 700);
    const failed = await rendered(Buffer.from(broken), 'FAILED');
    assert.match(failed.errorMessage ?? '', /image|picture/i);
    assert.doesNotMatch(failed.errorMessage ?? '', /\/|ffmpeg|sharp|vips/i);
    assert.equal(failed.outputVideo, null);
    assert.ok(failed.progress < 100);
  });
});
