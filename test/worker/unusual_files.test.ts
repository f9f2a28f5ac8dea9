import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import sharp from 'sharp';
import { suiteCleanup } from '../support/database.ts';
import { type Service, sample, startService } from '../support/service.ts';

type Expected = { status: number; says?: RegExp } | { end: 'COMPLETED' | 'FAILED'; says?: RegExp };

/** Files that callers really send. Each is refused rightly, or its job completes or says why it failed. */
describe('unusual files, from the upload to the video', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidgen-input-'));
    cleanup.after(() => rm(folder, { recursive: true }));
    service = await startService(cleanup, { worker: true, env: { RENDER_CONCURRENCY: '2' } });
  });

  const ffmpeg = async (name: string, ...options: string[]): Promise<Buffer> => {
    const path = join(folder, name);
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...options, path]);
    return readFile(path);
  };
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1'];
  const portrait = () => readFile(sample('portrait.jpg'));
  let made: Promise<Buffer> | undefined;
  const speech = () => {
    made ??= ffmpeg('speech.mp3', ...tone, '-b:a', '64k');
    return made;
  };
  const plain = (width: number, height: number) =>
    sharp({
      create: { width, height, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } },
    });

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
      async () => (await speech()).subarray(0, 45),
      { end: 'FAILED', says: /audio|sound/i },
    ],
    ['an MP3 with cover art and chapters', portrait, withCoverAndChapters, { end: 'COMPLETED' }],
    ['a 1×1 PNG', () => plain(1, 1).png().toBuffer(), speech, { end: 'COMPLETED' }],
    [
      'a 10,000×10,000 PNG',
      () => plain(10_000, 10_000).removeAlpha().png({ compressionLevel: 1 }).toBuffer(),
      speech,
      { end: 'COMPLETED' },
    ],
    ['a PNG with alpha', () => plain(320, 240).png().toBuffer(), speech, { end: 'COMPLETED' }],
    [
      'a CMYK JPEG',
      () => plain(320, 240).removeAlpha().toColourspace('cmyk').jpeg().toBuffer(),
      speech,
      { end: 'COMPLETED' },
    ],
    [
      'a JPEG that EXIF turns',
      () => plain(320, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
      speech,
      { end: 'COMPLETED' },
    ],
    ['an odd-sided WebP', () => plain(321, 203).webp().toBuffer(), speech, { end: 'COMPLETED' }],
    ['an animated WebP', animatedWebp, speech, { end: 'COMPLETED' }],
    [
      'mono 8 kHz WAV',
      portrait,
      () => ffmpeg('mono.wav', ...tone, '-ar', '8000', '-ac', '1'),
      { end: 'COMPLETED' },
    ],
    [
      '96 kHz 24-bit WAV',
      portrait,
      () => ffmpeg('hires.wav', ...tone, '-ar', '96000', '-c:a', 'pcm_s24le'),
      { end: 'COMPLETED' },
    ],
    [
      'Opus in Ogg',
      portrait,
      () => ffmpeg('opus.ogg', ...tone, '-c:a', 'libopus'),
      { end: 'COMPLETED' },
    ],
    [
      'an M4A whose index is at the end',
      portrait,
      () => ffmpeg('end.m4a', ...tone, '-c:a', 'aac', '-ac', '2'),
      { end: 'COMPLETED' },
    ],
  ];

  async function withCoverAndChapters(): Promise<Buffer> {
    const chapters = join(folder, 'chapters.txt');
    await writeFile(
      chapters,
      ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=90000\ntitle=One\n',
    );
    return ffmpeg(
      'cover.mp3',
      ...tone,
      '-i',
      sample('portrait.jpg'),
      '-i',
      chapters,
      ...[
        '-map',
        '0:a',
        '-map',
        '1:v',
        '-map_metadata',
        '2',
        '-c:v',
        'copy',
        '-disposition:v',
        'attached_pic',
      ],
    );
  }

  async function animatedWebp(): Promise<Buffer> {
    const path = join(folder, 'animated.webp');
    const moving = [
      '-f',
      'lavfi',
      '-i',
      'testsrc=duration=1:size=160x120:rate=5',
      '-c:v',
      'libwebp_anim',
      '-loop',
      '0',
    ];
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...moving, path]);
    return readFile(path);
  }

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
          assert.match(body.error ?? '', expected.says ?? /./);
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
        const probed = await promisify(execFile)('ffprobe', [
          ...[
            '-v',
            'error',
            '-show_streams',
            '-show_chapters',
            '-show_format',
            '-of',
            'json',
            job.outputVideo ?? '',
          ],
        ]);
        const { streams, chapters, format } = JSON.parse(probed.stdout);
        assert.deepEqual(
          streams.map((stream: { codec_name: string }) => stream.codec_name),
          ['h264', 'aac'],
        );
        assert.deepEqual(chapters, []);
        assert.ok(Math.abs(Number(format.duration) - 1) < 0.1, `${format.duration} s`);
        if (name.includes('EXIF'))
          assert.ok(streams[0].height > streams[0].width, 'it stands upright');
        assert.equal((streams[0].width + streams[0].height) % 2, 0);
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
