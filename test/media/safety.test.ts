import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stepsOf } from '../../bench/steps.ts';
import { noBox } from '../../worker/media/box/limits.ts';
import { runChild } from '../../worker/media/ffmpeg/child.ts';
import { command } from '../../worker/media/ffmpeg/ffmpeg.ts';
import { createSharedRun } from '../../worker/media/ffmpeg/shared_run.ts';
import { MediaError, RenderError } from '../../worker/media/make_video.ts';
import {
  ffmpegPath,
  file,
  folder,
  plainPicture,
  render,
  synthesize,
  synthesizeAll,
} from '../support/media.ts';
import { processesOf } from '../support/processes_of.ts';
import { encodeSound } from '../support/sound.ts';
import { silentWav, toneWav } from '../support/wav.ts';

const audioTypes = ['audio/mpeg', 'audio/wav', 'audio/mp4', 'audio/ogg'] as const;

describe('files that are scripts in disguise open nothing', () => {
  test('playlists, drawings and lists named .mp3, .m4a, .jpg', async (t) => {
    const dir = await folder(t);
    let visits = 0;
    const server = createServer((_, response) => {
      visits++;
      response.end();
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/a.ts`;
    const secret = await file(dir, 'secret.wav', toneWav(1));

    const hls = (target: string) =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${target}\n#EXT-X-ENDLIST\n`;
    for (const content of [
      hls(url),
      hls(`file://${secret}`),
      `ffconcat version 1.0\nfile ${secret}\n`,
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${url}</BaseURL></MPD>`,
      `v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio ${port} RTP/AVP 0\n`,
    ]) {
      const path = await file(dir, 'list', content);
      // MP3 is searched for, whatever stands before it.
      const types = content === hls(url) ? audioTypes : (['audio/mpeg'] as const);
      for (const type of types) await assert.rejects(encodeSound(t, path, type), MediaError);
    }
    for (const content of [
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="${url}" width="9" height="9"/></svg>`,
      `push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 9,9 '${url}'\npop graphic-context\n`,
    ]) {
      const drawing = await file(dir, 'drawing.jpg', content);
      await assert.rejects(
        render(t, { imagePath: drawing, audioPath: secret, audioType: 'audio/wav' }),
        MediaError,
      );
    }
    assert.equal(visits, 0);
  });

  test('an M4A that points at another file', async (t) => {
    const dir = await folder(t);
    const imagePath = await plainPicture(dir);
    const audioPath = await synthesize(dir, 'a.m4a', 'sine=d=1', '-ac', '1');
    const bytes = readFileSync(audioPath);
    const at = bytes.indexOf('url ');
    assert.ok(at > 0);
    // No longer "in this file": an external data reference without a path.
    bytes.writeUInt32BE(0, at + 4);
    const made = await render(t, {
      imagePath,
      audioPath: await file(dir, 'b.m4a', bytes),
      audioType: 'audio/mp4',
    }).catch((error) => error);
    assert.ok(made instanceof MediaError || made.audioSeconds > 0.9);
  });
});

/** An ffmpeg that reads sound only so many times as fast as it is heard, and so reports on its way. */
async function slowed(dir: string, speed: number) {
  const path = await file(dir, 'slowed', `#!/bin/sh\nexec ${ffmpegPath} -readrate ${speed} "$@"\n`);
  await chmod(path, 0o755);
  return { ffmpegPath: path, box: noBox };
}

describe('abort', () => {
  test('kills every child at once and rejects with the reason', async (t) => {
    const dir = await folder(t);
    const imagePath = await plainPicture(dir);
    const audioPath = await file(dir, 'a.wav', silentWav(130));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const rendering = render(t, {
      dir,
      imagePath,
      audioPath,
      audioType: 'audio/wav',
      ...(await slowed(dir, 20)),
      signal: controller.signal,
      onProgress: () => {
        // Both pieces are being encoded by now.
        if (controller.signal.aborted) return;
        const encoders = processesOf(dir).filter((line) => line.includes('audio-'));
        assert.equal(encoders.length, 2);
        controller.abort(reason);
      },
    });
    await assert.rejects(rendering, (error) => error === reason);
    assert.deepEqual(processesOf(dir), []);
  });

  test('an aborted signal starts nothing', async (t) => {
    const dir = await folder(t);
    const imagePath = await plainPicture(dir);
    const audioPath = await file(dir, 'a.wav', toneWav(1));
    const signal = AbortSignal.abort(new Error('too late'));
    await assert.rejects(
      render(t, { imagePath, audioPath, audioType: 'audio/wav', signal }),
      /too late/,
    );
  });

  test('takes the whole process group along', async (t) => {
    const dir = await folder(t);
    const controller = new AbortController();
    // It resolves only when no process holds its output, the child in the background included.
    const running = runChild({
      program: '/bin/sh',
      ...{ box: noBox, dir },
      args: ['-c', `sleep 600 & echo started; exec sleep 601 # ${dir}`],
      signal: controller.signal,
      limitMs: 60_000,
      onStdout: () => controller.abort(new Error('enough')),
    });
    await assert.rejects(running, /enough/);
  });
});

test('a program in the box ends with its worker, even one that is killed', async (t) => {
  const dir = await folder(t);
  const module = (name: string) => new URL(`../../worker/media/${name}`, import.meta.url).href;
  const script = `
    import { openBox } from '${module('box/open_box.ts')}';
    import { runChild } from '${module('ffmpeg/child.ts')}';
    const task = { program: '/bin/bash', args: ['-c', 'echo begun; while :; do :; done', '${dir}'] };
    await runChild({
      ...task,
      ...{ dir: '${dir}', box: await openBox('auto'), limitMs: 600_000 },
      signal: new AbortController().signal,
      onStdout: () => console.log('begun'),
    });`;
  const worker = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => worker.kill('SIGKILL'));
  await once(worker.stdout, 'data');
  assert.ok(processesOf(dir).length >= 2, 'the worker and its program');
  worker.kill('SIGKILL');
  while (processesOf(dir).length > 0) await delay(5);
});

describe('when the machine fails', () => {
  async function inputs(dir: string) {
    const audioPath = await file(dir, 'a.wav', toneWav(2));
    return { imagePath: await plainPicture(dir), audioPath, audioType: 'audio/wav' as const };
  }

  function assertMachine(error: unknown, message: RegExp, detail: RegExp) {
    assert.ok(error instanceof RenderError, `${error}`);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\/|ffmpeg/);
    assert.match(error.detail, detail);
    return true;
  }

  // The sound is one piece that ends with the packet of the longest allowed audio.
  const packets = Math.ceil(((3 * 3_600 + 1) * 44_100) / 1_024);
  for (const name of ['video.mp4', `audio-0-${packets}.m4a`, 'poster.jpg']) {
    test(`a disk that is full for ${name}`, async (t) => {
      const dir = await folder(t);
      await mkdir(`${dir}/job`);
      await symlink('/dev/full', `${dir}/job/${name}`);
      // The box would not let it reach the device at all.
      const job = { ...(await inputs(dir)), dir: `${dir}/job`, box: noBox };
      await assert.rejects(render(t, job), (error) =>
        assertMachine(error, /out of disk space/, /ENOSPC|No space left/),
      );
    });
  }

  test('no ffmpeg, no ffprobe', async (t) => {
    const dir = await folder(t);
    for (const missing of ['ffmpegPath', 'ffprobePath']) {
      await assert.rejects(
        render(t, { ...(await inputs(dir)), [missing]: `${dir}/not-here` }),
        (error) => assertMachine(error, /could not render/, /ENOENT/),
      );
    }
  });

  test('an ffmpeg that is killed', async (t) => {
    const dir = await folder(t);
    const shot = await file(dir, 'ffmpeg', '#!/bin/sh\nkill -KILL $$\n');
    await chmod(shot, 0o755);
    await assert.rejects(render(t, { ...(await inputs(dir)), ffmpegPath: shot }), (error) =>
      assertMachine(error, /could not render/, /SIGKILL/),
    );
  });

  test('no free file descriptor: one render fails, the process continues', async () => {
    const module = new URL('../../worker/media/ffmpeg/child.ts', import.meta.url).href;
    const script = `
      import { openSync } from 'node:fs';
      import { runChild } from '${module}';
      try { for (;;) openSync('/dev/null'); } catch {}
      const box = { wrap: (program, args) => ({ program, args }) };
      const task = { program: '/bin/true', args: [], box, dir: '/tmp', limitMs: 60_000 };
      const run = () => runChild({ ...task, signal: new AbortController().signal });
      for (let i = 0; i < 2; i++) await run().catch((error) => console.log(error.name, error.detail));
      process.exit();`;
    const node = [process.execPath, '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      'ulimit -n 64; exec "$@"',
      '',
      ...node,
    ]);
    const line = 'RenderError /bin/true could not be started: spawn /bin/true EMFILE\n';
    assert.equal(stdout, line + line);
  });

  test('a program that hangs', async () => {
    const running = runChild({
      program: '/bin/sleep',
      ...{ box: noBox, dir: tmpdir() },
      args: ['600'],
      signal: new AbortController().signal,
      limitMs: 50,
    });
    await assert.rejects(running, (error) => assertMachine(error, /took too long/, /sleep/));
  });
});

test('children run at low priority, as does their session, are ended first where memory runs out, and have a process group of their own', async () => {
  const { stdout } = await runChild({
    program: '/bin/sh',
    ...{ box: noBox, dir: tmpdir() },
    args: [
      '-c',
      `until [ "$(cut -d" " -f19 /proc/$$/stat)" = 10 ]; do :; done
      until grep -qx 500 /proc/$$/oom_score_adj; do :; done
      while [ -e /proc/$$/autogroup ] && ! grep -q "nice 10" /proc/$$/autogroup; do :; done
      cut -d" " -f1,5 /proc/$$/stat`,
    ],
    signal: new AbortController().signal,
    limitMs: 10_000,
  });
  const [pid, group] = stdout.toString().trim().split(' ');
  assert.equal(pid, group);
});

test('picture and sound of a short job share a process; where that fails each gets its own', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const audioPath = await file(dir, 'a.wav', toneWav(1));
  const job = { imagePath, audioPath, audioType: 'audio/wav' as const };
  const made = await stepsOf(() => render(t, job));
  assert.deepEqual(
    made.map(({ program }) => program),
    ['node', 'ffmpeg', 'ffprobe'],
  );
  const both = `#!/bin/sh\ncase "$*" in *rawvideo*audio-0*|*audio-0*rawvideo*) exit 1; esac\nexec ${ffmpegPath} "$@"\n`;
  const unable = await file(dir, 'ffmpeg', both);
  await chmod(unable, 0o755);
  const alone = await stepsOf(() => render(t, { ...job, ffmpegPath: unable, box: noBox }));
  assert.equal(alone.filter(({ program }) => program === 'ffmpeg').length, 3);
});

test('a process that two share has a budget of CPU time too', async (t) => {
  const dir = await folder(t);
  const unable = `#!/bin/sh\ncase "$*" in *sound*picture*) ulimit -St > seconds; exit 1; esac\n`;
  const ffmpegPath = await file(dir, 'ffmpeg', unable);
  await chmod(ffmpegPath, 0o755);
  const { signal } = new AbortController();
  const run = { ffmpegPath, box: noBox, dir, signal, limitSeconds: 600 };
  const shared = createSharedRun();
  const budget = { cpuSeconds: 7, sentence: 'It takes too long.' };
  const both = await Promise.all([
    shared.sound(command().input('sound').output('a'), { ...run, budget }),
    shared.picture(() => command().input('picture').output('b'), run),
  ]);
  assert.ok(both.every(({ code }) => code === 0));
  assert.equal(readFileSync(`${dir}/seconds`, 'utf8'), '7\n');
});

test('longer audio than allowed is the caller’s fault, also where the header lies', async (t) => {
  const dir = await folder(t);
  const vorbis = ['-c:a', 'libvorbis'] as const;
  await synthesizeAll(dir, {
    'long.ogg': ['sine=d=20', ...vorbis],
    'short.ogg': ['sine=d=1', ...vorbis],
  });
  const [long, short] = ['long.ogg', 'short.ogg'].map((name) => readFileSync(`${dir}/${name}`)) as [
    Buffer,
    Buffer,
  ];
  // The length that the last page tells is that of the last stream.
  const lie = await file(dir, 'lie.ogg', Buffer.concat([long, short]));
  for (const path of [`${dir}/long.ogg`, lie])
    await assert.rejects(encodeSound(t, path, 'audio/ogg', { maxAudioSeconds: 12 }), {
      name: 'MediaError',
      message: /longer than 0\.2 minutes/,
    });
});

test('progress is told, never goes back, and follows the audio', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const audioPath = await file(dir, 'a.wav', silentWav(16));
  const told: number[] = [];
  await render(t, {
    imagePath,
    audioPath,
    audioType: 'audio/wav',
    ...(await slowed(dir, 4)),
    onProgress: (done) => told.push(done),
  });
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  );
  assert.ok((told[0] ?? 0) > 0 && told.at(-1) === 1, `${told}`);
  // Nothing is told before the picture is known, which takes a while on a busy machine.
  assert.ok(
    told.some((done) => done < 0.9),
    `${told}`,
  );
});
