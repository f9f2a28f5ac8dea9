import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import sharp from 'sharp';
import { suiteCleanup } from '../support/database.ts';
import { demux } from '../support/demux.ts';
import { ffmpeg, file, folder } from '../support/media.ts';
import { blackPng } from '../support/png.ts';
import { type Service, sample, startService } from '../support/service.ts';
import { toneWav } from '../support/wav.ts';

type Expected = { status: number; says: RegExp } | { end: 'COMPLETED' | 'FAILED'; says?: RegExp };

/** Files that callers really send. Each is refused rightly, or its job completes or says why it failed. */
describe('unusual files, from the upload to the video', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let dir: string;
  const read = (name: string) => readFile(join(dir, name));

  before(async () => {
    dir = await folder(cleanup);
    const chapters = ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=90000\ntitle=One\n';
    const tone = ['-f', 'lavfi', '-i', 'sine=d=1', '-i', sample('portrait.jpg')];
    const rich = ['-map', '1', '-map_metadata', '2', '-c:v', 'copy', '-disposition:v'];
    const outputs: [name: string, ...args: string[]][] = [
      ['rich.mp3', ...rich, 'attached_pic'],
      ['hires.wav', '-map_chapters', '-1', '-ar', '96000', '-c:a', 'pcm_s24le'],
      ['opus.ogg', '-map_chapters', '-1', '-c:a', 'libopus'],
      ['index-at-end.m4a', '-map_chapters', '-1', '-c:a', 'aac', '-ac', '2'],
    ];
    await ffmpeg(
      ...[...tone, '-i', await file(dir, 'chapters.txt', chapters)],
      ...outputs.flatMap(([name, ...args]) => ['-map', '0', ...args, join(dir, name)]),
    );
    service = await startService(cleanup, { worker: true, env: { RENDER_CONCURRENCY: '2' } });
  });

  const portrait = () => readFile(sample('portrait.jpg'));
  const speech = async () => toneWav(1, { rate: 8_000 });
  const red = (width: number, height: number) =>
    sharp({
      create: { width, height, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } },
    });
  async function animated(): Promise<Buffer> {
    const frames = [red(160, 120), red(160, 120).negate()].map((one) => one.png().toBuffer());
    return sharp(await Promise.all(frames), { join: { animated: true } })
      .webp()
      .toBuffer();
  }

  const cases: [string, () => Promise<Buffer>, () => Promise<Buffer>, Expected][] = [
    [
      'a text file called portrait.jpg',
      async () => Buffer.from('not a picture at all'),
      speech,
      { status: 415, says: /JPEG, PNG or WebP/ },
    ],
    [
      'a text file called voice.mp3',
      portrait,
      async () => Buffer.from('not a sound at all'),
      { status: 415, says: /MP3, WAV, M4A or Ogg/ },
    ],
    [
      'an empty picture',
      async () => Buffer.alloc(0),
      speech,
      { status: 400, says: /"image" is empty/ },
    ],
    [
      'a truncated JPEG',
      async () => (await portrait()).subarray(0, 9_000),
      speech,
      { end: 'FAILED', says: /image/i },
    ],
    [
      'an MP3 without sound',
      portrait,
      async () => (await read('rich.mp3')).subarray(0, 45),
      { end: 'FAILED', says: /audio|sound/i },
    ],
    [
      'a CMYK JPEG that EXIF turns, an MP3 with cover art and chapters',
      () =>
        red(320, 200)
          .removeAlpha()
          .toColourspace('cmyk')
          .jpeg()
          .withMetadata({ orientation: 6 })
          .toBuffer(),
      () => read('rich.mp3'),
      { end: 'COMPLETED' },
    ],
    ['a 1×1 PNG, a mono 8 kHz WAV', () => red(1, 1).png().toBuffer(), speech, { end: 'COMPLETED' }],
    [
      'a 10,000×10,000 PNG, a 96 kHz 24-bit WAV',
      async () => blackPng(10_000, 10_000),
      () => read('hires.wav'),
      { end: 'COMPLETED' },
    ],
    [
      'an odd-sided WebP with alpha, an M4A whose index is at the end',
      () => red(321, 203).webp().toBuffer(),
      () => read('index-at-end.m4a'),
      { end: 'COMPLETED' },
    ],
    ['an animated WebP, Opus in Ogg', animated, () => read('opus.ogg'), { end: 'COMPLETED' }],
  ];

  describe('each case', { concurrency: 3 }, () => {
    for (const [name, image, audio, expected] of cases) {
      test(name, async () => {
        const key = await service.createKey();
        const [picture, sound] = await Promise.all([image(), audio()]);
        const response = await service.submit(key, {
          image: new File([new Uint8Array(picture)], 'portrait.jpg'),
          audio: new File([new Uint8Array(sound)], 'voice.mp3'),
        });
        const body = (await response.json()) as { error?: string; jobId: string };
        if ('status' in expected) {
          assert.equal(response.status, expected.status, body.error);
          assert.match(body.error ?? '', expected.says);
          return;
        }
        assert.equal(response.status, 201, body.error);
        const job = await service.until(key, body.jobId, expected.end);
        if (expected.end === 'FAILED') {
          assert.match(job.errorMessage ?? '', expected.says ?? /./);
          assert.doesNotMatch(
            job.errorMessage ?? '',
            /\/|ffmpeg|at \w+ \(/,
            'neither a path nor a stack',
          );
          return;
        }
        const video = await (await fetch(job.outputVideo ?? '')).arrayBuffer();
        const seen = await demux(await file(dir, `${body.jobId}.mp4`, new Uint8Array(video)));
        assert.deepEqual(seen.kinds, ['video', 'audio']);
        const seconds = seen.picture.packets.length / 25;
        assert.ok(Math.abs(seconds - 1) < 0.1, `${seconds} s`);
        const { width = 0, height = 0 } = seen.picture;
        if (name.includes('10,000')) assert.deepEqual([width, height], [1080, 1080]);
        if (name.includes('EXIF')) assert.ok(height > width, 'it stands upright');
        assert.equal((width + height) % 2, 0);
      });
    }
  });

  test('nothing is left behind, in the temporary folder or in the database', async () => {
    assert.deepEqual(
      // Workers of other test files use the folder too.
      (await readdir(tmpdir())).filter(
        (name) => /^vidgen-render-/.test(name) && name.includes(`-${process.pid}-`),
      ),
      [],
    );
    const [left] = await service.db.run(
      sql<{ n: number }>`select count(*)::int as n from vidgen.blob where job_id is null`,
    );
    assert.equal(left?.n, 0);
  });
});
