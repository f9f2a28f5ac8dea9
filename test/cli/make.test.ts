import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, beforeEach, describe, test } from 'node:test';
import { judge } from '../../cli/judge_video.ts';
import { call } from '../../src/postgres/call.ts';
import { freePort } from '../../src/process/free_port.ts';
import { findFfmpeg } from '../../worker/media/ffmpeg/find_ffmpeg.ts';
import { startProxy, type UnreliableProxy } from '../client/unreliable_proxy.ts';
import { openPage } from '../docs/page.ts';
import { startVidgen, vidgen } from '../support/command.ts';
import { suiteCleanup } from '../support/database.ts';
import { workerOn } from '../support/job_moves.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { tinyFacts, tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

describe('vidgen make', () => {
  const cleanup = suiteCleanup();
  let folder: string;
  let image: string;
  let audio: string;
  let output: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidgen-make-'));
    cleanup.after(() => rm(folder, { recursive: true }));
    const inputs = await tinyInputs();
    image = join(folder, 'picture.png');
    audio = join(folder, 'sound.wav');
    output = join(folder, 'out.mp4');
    await writeFile(image, inputs.image.stream());
    await writeFile(audio, inputs.audio.stream());
  });
  beforeEach(() => rm(output, { force: true }));
  /** No database can be reached, so a command that wants one fails. */
  const alone = { DATABASE_URL: 'postgres://127.0.0.1:1/none', DATA_DIR: '/none' };
  const sha256 = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex');

  describe('here', () => {
    test('makes the video with no service and no database, and says what a target wants', async () => {
      const captions = join(folder, 'captions.srt');
      await writeFile(captions, '1\n00:00:00,000 --> 00:00:00,150\nHello\n');
      const shape = ['--target', 'tiktok', '--resolution', '720p', '--captions', captions];
      const made = await vidgen(alone, 'make', image, audio, '-o', output, ...shape);
      assert.equal(made.code, 0, made.stderr);
      assert.match(made.stdout, /out\.mp4 {2}720x1280, 0\.20 s, \d\.\d KB\n/);
      assert.match(made.stdout, /^NOT OK: length /m);
      assert.match(made.stdout, /^ok: shorterSide 720 px/m);
      assert.match(made.stdout, /^warning: .*TikTok wants/m);
      assert.ok((await readFile(output)).includes('Hello'), 'the captions are in it');
    });

    test('--json is one line for programs; without -o the video is named like the sound', async (t) => {
      const before = process.cwd();
      t.after(() => process.chdir(before));
      process.chdir(folder);
      const made = await vidgen(alone, 'make', image, audio, '--json');
      assert.equal(made.code, 0, made.stderr);
      const { file, sha256: sum, ...facts } = JSON.parse(made.stdout);
      assert.equal(file, 'sound.mp4');
      assert.equal(sum, await sha256('sound.mp4'));
      const { width, height, seconds } = tinyFacts(0);
      const { width: w, height: h, seconds: s, checks } = facts;
      assert.deepEqual([w, h, s, checks], [width, height, seconds, []]);
      const { faults } = await judge(findFfmpeg('ffmpeg'), 'sound.mp4', audio);
      assert.deepEqual(faults, []);

      const again = await vidgen(alone, 'make', image, audio);
      assert.equal(again.code, 2);
      assert.match(again.stderr, /^sound\.mp4 is there already\. Add --overwrite/);
      assert.equal((await vidgen(alone, 'make', image, audio, '--overwrite')).code, 0);
    });

    test('refuses in sentences, and leaves nothing behind', async () => {
      const text = join(folder, 'notes.txt');
      const blank = join(folder, 'blank.wav');
      const cut = join(folder, 'cut.jpg');
      await writeFile(text, 'Not a picture.');
      await writeFile(blank, '');
      await writeFile(cut, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
      const refusals: [string[], number, RegExp][] = [
        [[image], 2, /^The audio file is missing\.\n\nUsage: /],
        [['none.jpg', audio], 2, /^There is no file none\.jpg\.\n$/],
        [[folder, audio], 2, /is not a file\.\n$/],
        [['https://example.com/a.jpg', audio], 2, /^There is no file https:/],
        [[text, audio], 1, /notes\.txt is not a JPEG, PNG or WebP picture\.\n$/],
        [[image, text], 1, /notes\.txt is not MP3, WAV, M4A or Ogg/],
        [[image, blank], 1, /blank\.wav is empty\.\n$/],
        [[cut, audio], 1, /^The image .*\n$/i],
        [[image, audio, '--captions', text], 1, /^.*captions.*\n$/i],
        [[image, audio, '--fit', 'stretch'], 2, /^fit must be one of contain, cover, blur/],
        [[image, audio, '--fitt', 'blur'], 2, /Unknown option '--fitt'/],
        [[image, audio, '--metadata', '{"a":"b"}'], 2, /^--metadata is for jobs of a service/],
        [[image, audio, '--force'], 2, /^--force is for jobs of a service: give its --url too\./],
        [
          ['--retry', 'c1', '--url', 'https://x', '--key', 'x', image],
          2,
          /^--retry takes the files/,
        ],
        [['--wait', '--force', '--url', 'https://x', '--key', 'x'], 2, /^Give either --wait or/],
        [[image, audio, '--key', 'vg_x'], 2, /^--key is for a service/],
        [[image, audio, '--url', 'https://x', '--local'], 2, /^Give either --local or --url/],
        [[image, audio, '-o', join(folder, 'no/out.mp4')], 2, /^There is no folder .*\/no\.\n$/],
        [[image, audio, '-o', folder], 2, /is a folder\. Name a file\.\n$/],
      ];
      for (const [args, code, sentence] of refusals) {
        const given = args.includes('-o') ? args : [...args, '-o', output];
        const refused = await vidgen(alone, 'make', ...given);
        assert.match(refused.stderr, sentence);
        assert.deepEqual([refused.code, refused.stdout], [code, ''], refused.stderr);
      }
      const noFfmpeg = { ...alone, FFMPEG_PATH: join(folder, 'ffmpeg') };
      const refused = await vidgen(noFfmpeg, 'make', image, audio, '-o', output);
      assert.match(refused.stderr, /does not run \(it is not there\)\. Install ffmpeg/);
      const programs = await mkdtemp(join(folder, 'programs-'));
      for (const name of ['ffmpeg', 'ffprobe'])
        await writeFile(join(programs, name), '#!/bin/sh\necho libx.so.1 >&2; exit 127\n', {
          mode: 0o755,
        });
      const broken = { ...alone, FFMPEG_PATH: join(programs, 'ffmpeg') };
      const blamed = await vidgen(broken, 'make', image, audio, '-o', output);
      assert.match(blamed.stderr, /ffmpeg does not run \(libx\.so\.1\)\. Install ffmpeg/);
      const left = (await readdir(folder)).filter((name) => name.startsWith('out'));
      assert.deepEqual(left, []);
      const mine = new RegExp(`^vidgen-render-.*-${process.pid}-`);
      const renders = (await readdir(tmpdir())).filter((name) => mine.test(name));
      assert.deepEqual(renders, []);
    });
  });

  describe('by a service', () => {
    let proxy: UnreliableProxy;
    let service: Service;
    let env: Record<string, string>;
    before(async () => {
      proxy = await startProxy(cleanup);
      const settings = { PUBLIC_URL: proxy.url, FETCH_ALLOW_CIDRS: '127.0.0.0/8' };
      service = await startService(cleanup, { env: settings, worker: true });
      proxy.target = service.config.port;
      const { apiKey } = await service.createKey();
      env = { ...alone, VIDGEN_URL: proxy.url, VIDGEN_API_KEY: apiKey };
    });

    test('an interrupted download is gone on with, and the file is whole', async () => {
      proxy.faults = [
        { at: 'GET /media/', cutAfter: 1000 },
        { at: 'GET /media/', cutAfter: 500 },
      ];
      const shape = ['--loudness=-14', '--metadata', '{"order":"17"}', '--title', 'Ö'];
      const made = await vidgen(env, 'make', image, audio, '-o', output, '--json', ...shape);
      assert.equal(made.code, 0, made.stderr);
      const told = JSON.parse(made.stdout);
      assert.equal(told.sha256, await sha256(output));
      assert.match(told.shareLink, /\/share\//);
      const ranges = proxy.seen
        .filter(({ line }) => line.startsWith('GET /media/'))
        .map(({ headers }) => headers.range);
      assert.deepEqual(ranges, [undefined, 'bytes=1000-', 'bytes=1500-']);
      const job = await service.call(`/api/jobs/${told.jobId}`, env.VIDGEN_API_KEY);
      const { options, metadata } = (await job.json()) as Record<string, unknown>;
      assert.deepEqual(options, { loudness: -14, title: 'Ö' });
      assert.deepEqual(metadata, { order: '17' });
    });

    test('files by address are fetched by the service', async () => {
      const files: Record<string, Buffer> = {
        '/a.png': await readFile(image),
        '/b.wav': await readFile(audio),
      };
      const site = createServer((request, response) => response.end(files[request.url ?? '']));
      await once(site.listen(0, '127.0.0.1'), 'listening');
      try {
        const at = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
        for (const given of [
          [`${at}/a.png`, `${at}/b.wav`],
          [image, `${at}/b.wav`],
        ]) {
          const made = await vidgen(env, 'make', ...given, '-o', output, '--overwrite');
          assert.equal(made.code, 0, made.stderr);
          assert.match(made.stdout, /out\.mp4 {2}32x32, 0\.20 s/);
        }
      } finally {
        site.close();
      }
    });

    test('the commands of docs/make.md run as they stand there', async (t) => {
      const page = await openPage('make', { ...env }, t, folder);
      await writeFile(join(folder, 'portrait.jpg'), await readFile(image));
      await writeFile(join(folder, 'voiceover.mp3'), await readFile(audio));
      const before = process.cwd();
      t.after(() => process.chdir(before));
      process.chdir(folder);
      await rm('captions.srt', { force: true });
      await writeFile('captions.srt', '1\n00:00:00,000 --> 00:00:00,150\nHello\n');
      const printed = await page.rest();
      assert.match(printed.at(-1) ?? '', /^after\.mp4 .*\n.*\/share\//);
    });

    test('what the service refuses is told in its words', async () => {
      const from = (given: Record<string, string>, ...args: string[]) =>
        vidgen({ ...env, ...given }, 'make', image, audio, '-o', output, ...args);
      const wrong = await from({ VIDGEN_API_KEY: 'vg_wrong' });
      assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
      assert.match(wrong.stderr, /^API key not recognized or deactivated\. .*\n$/);
      const none = await from({ VIDGEN_API_KEY: '' });
      assert.match(
        none.stderr,
        /^Give the API key for http.* in VIDGEN_API_KEY or with --key\.\n$/,
      );
      assert.equal(none.code, 2);
      const junk = await from({}, '--url', 'example.com');
      assert.match(junk.stderr, /^url must be like https:/);
      const taken = await vidgen(env, 'make', audio, image, '-o', output);
      assert.match(taken.stderr, /^The file in the field "image" is of an unsupported type/);
      const here = await from({ VIDGEN_URL: `http://127.0.0.1:${await freePort()}` }, '--local');
      assert.equal(here.code, 0, here.stderr);
    });

    test('a job in the way is named, waited for, or cancelled; a cancelled one is made again', async () => {
      const from = (...args: string[]) => vidgen(env, 'make', ...args, '-o', output);
      const key = env.VIDGEN_API_KEY ?? '';
      await call(service.db, 'admin.pause_queue');
      const first = await jobOf(service, key);
      const busy = await from(image, audio);
      assert.equal(busy.code, 1);
      assert.match(busy.stderr, new RegExp(`It is ${first}: add --wait to .*, or --force`));
      const forced = from(image, audio, '--force', '--json');
      const { jobId } = await service.until({ apiKey: key } as Key, first, 'CANCELLED');
      await call(service.db, 'admin.resume_queue');
      assert.equal((await forced).code, 0, (await forced).stderr);
      const again = await from('--retry', jobId, '--title', 'Again', '--overwrite', '--json');
      assert.equal(again.code, 0, again.stderr);
      const made = await service.call(`/api/jobs/${JSON.parse(again.stdout).jobId}`, key);
      assert.deepEqual(((await made.json()) as Listed).options, { title: 'Again' });
    });

    test('Ctrl-C cancels the job, even one that is being rendered, and the exit status is 130', async (t) => {
      const idle = await startService(t);
      const { apiKey } = await idle.createKey();
      const first = await jobOf(idle, apiKey);
      const given = { ...env, VIDGEN_URL: idle.url, VIDGEN_API_KEY: apiKey };
      const making = startVidgen(given, 'make', image, audio, '-o', output, '--wait');
      const exited = once(making, 'exit');
      await idle.call(`/api/jobs/${first}`, apiKey, { method: 'DELETE' });
      const latest = async (): Promise<Listed | undefined> => {
        const list = await idle.call('/api/jobs', apiKey);
        return ((await list.json()) as { jobs: Listed[] }).jobs[0];
      };
      await until('its job is there', async () => {
        assert.equal(making.exitCode, null, 'it ended');
        return (await latest())?.status === 'PENDING';
      });
      const worker = await workerOn(idle.db);
      await worker.claim((await latest())?.id ?? '');
      making.kill('SIGINT');
      assert.deepEqual(await exited, [130, null]);
      assert.equal((await latest())?.status, 'CANCELLED');
    });
  });
});

type Listed = { id: string; status: string; options: object };

/** A job that waits, of the tiny files. */
async function jobOf(service: Service, apiKey: string): Promise<string> {
  const answer = await service.submit({ apiKey } as Key, await tinyInputs());
  return ((await answer.json()) as { jobId: string }).jobId;
}
