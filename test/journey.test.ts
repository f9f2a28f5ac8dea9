import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { judge } from '../cli/judge_video.ts';
import { freePort } from '../src/process/free_port.ts';
import { findFfmpeg } from '../worker/media/ffmpeg/find_ffmpeg.ts';
import { vidgen } from './support/command.ts';
import { suiteCleanup } from './support/database.ts';
import { sample } from './support/service.ts';

const run = promisify(execFile);

/** Every command of the README, run as it stands there, one after another, as a newcomer would. Others need no npm. */
describe('the journey of the README', () => {
  const cleanup = suiteCleanup();
  const env: Record<string, string | undefined> = {
    ...process.env,
    DATABASE_URL: undefined,
    LOG_LEVEL: 'warn',
  };
  let commands: string[];
  let url: string;
  const take = (beginning: string): string => {
    const at = commands.findIndex((command) => command.startsWith(beginning));
    assert.notEqual(at, -1, `the README has no command "${beginning}"`);
    const [command = ''] = commands.splice(at, 1);
    return command.replaceAll('http://localhost:3000', url);
  };
  const shell = async (command: string) => (await run('bash', ['-ec', command], { env })).stdout;

  before(async () => {
    const readme = await readFile('README.md', 'utf8');
    commands = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) =>
      block.replaceAll('\\\n', ' ').trim().split('\n'),
    );
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-journey-'));
    await chmod(folder, 0o711);
    cleanup.after(() => rm(folder, { recursive: true }));
    const port = await freePort();
    env.DATA_DIR = join(folder, 'data');
    env.PORT = String(port);
    url = `http://localhost:${port}`;
  });

  test('npm run demo makes a video and says where it is', async () => {
    const output = await shell(take('npm run demo'));
    const file = /^Video +(\S+\.mp4)$/m.exec(output)?.[1];
    assert.ok(file && (await stat(file)).size > 10_000, output);
    assert.match(output, /^Job +c[a-z0-9]{24}$/m);
    assert.match(output, /^Share link +http:\/\/localhost:\d+\/share\/[\w-]{22}/m);
    assert.match(output, /^Checked .*: right$/m);
    const verdict = await judge(findFfmpeg('ffmpeg'), file, sample('voiceover.mp3'));
    assert.deepEqual(verdict.faults, []);
    await rm(join(env.DATA_DIR as string, 'demo'), { recursive: true });
  });

  test('the demo refuses files that are not there, and ends with 1 when the files are unfit', async () => {
    const missing = await vidgen(env, 'demo', 'nothing.jpg', 'nothing.mp3');
    assert.match(missing.stderr, /There is no file nothing\.jpg\./);
    assert.equal(missing.code, 2);
    const unfit = await vidgen(env, 'demo', 'README.md', 'samples/voiceover.mp3');
    assert.match(unfit.stderr, /JPEG, PNG or WebP/);
    assert.equal(unfit.code, 1);
  });

  test('npm start serves, its curl line works when pasted, and SIGINT stops it cleanly', async () => {
    const service = spawn(take('npm start'), {
      shell: true,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let output = '';
    service.stdout.on('data', (piece: Buffer) => {
      output += piece;
    });
    const exited = once(service, 'exit');
    const secrets: string[] = [];
    try {
      while (!/voiceover\.mp3"/.test(output))
        await Promise.race([delay(50), exited.then(() => assert.fail(output))]);
      assert.match(output, new RegExp(`listens on ${url}`));
      // Linux answers on all of 127.0.0.0/8, so a server on all addresses would be there too.
      if (process.platform === 'linux')
        await assert.rejects(fetch(url.replace('localhost', '127.0.0.2')), 'other addresses');
      env.YOUR_API_KEY = /: (vg_[\w-]{43})/.exec(output)?.[1];
      const key = await stat(join(env.DATA_DIR as string, 'development-key'));
      assert.equal(key.mode & 0o777, 0o600, 'only its owner may read the key');

      const pasted = output.slice(output.indexOf('curl -X POST')).trim();
      const first = JSON.parse(await shell(`${pasted} --silent`)) as { jobId: string };
      await ended(url, env.YOUR_API_KEY ?? '', first.jobId);
      const created = JSON.parse(await shell(take('curl -X POST'))) as {
        message: string;
        jobId: string;
      };
      assert.equal(created.message, 'Job created');
      env.JOB_ID = created.jobId;
      const job = JSON.parse(await shell(take(`curl -H "X-API-Key: $YOUR_API_KEY" http`))) as {
        jobId: string;
      };
      assert.equal(job.jobId, created.jobId);
      await ended(url, env.YOUR_API_KEY ?? '', created.jobId);
      const events = await shell(take('curl -N'));
      assert.match(events, /^data: .*"status":"COMPLETED"/m);
      const list = JSON.parse(await shell(take('curl -H "X-API-Key: $YOUR_API_KEY" "http'))) as {
        jobs: { outputVideo: string }[];
      };
      assert.equal(list.jobs.length, 2);
      const video = await fetch(list.jobs[0]?.outputVideo ?? '');
      assert.equal(video.headers.get('Content-Type'), 'video/mp4');
      await video.body?.cancel();
      const cancelled = JSON.parse(await shell(take('curl -X DELETE'))) as { code: string };
      assert.equal(cancelled.code, 'job_not_cancellable', 'it has been rendered meanwhile');
      const shaped = JSON.parse(await shell(take('curl -X POST'))) as { jobId: string };
      await ended(url, env.YOUR_API_KEY ?? '', shaped.jobId);

      assert.match(
        await shell(take('npm run keys -- create')),
        /API key +vg_[\w-]{43}\nWebhook secret +whsec_/,
      );
      assert.match(await shell(take('npm run keys -- list')), /my app/);
      const line = await shell('npm run --silent keys -- create "another app" --json');
      assert.deepEqual(Object.keys(JSON.parse(line)), ['id', 'name', 'apiKey', 'webhookSecret']);
      secrets.push(JSON.parse(line).webhookSecret, JSON.parse(line).apiKey);
      assert.equal(line.trim().split('\n').length, 1);

      const second = await vidgen(env, 'start');
      assert.match(second.stderr, /already running on .*: stop it first/);
    } finally {
      if (service.pid && service.exitCode === null) process.kill(-service.pid, 'SIGINT');
      await exited;
    }
    const left = await readdir(env.DATA_DIR as string);
    assert.ok(left.includes('development-key'));
    const kept = await readFile(join(env.DATA_DIR as string, 'development-key'), 'utf8');
    secrets.push(...kept.trim().split('\n'));
    assert.equal(secrets.length, 4);
    assert.deepEqual(await filesWith(join(env.DATA_DIR as string, 'postgres'), secrets), []);
    await assert.rejects(fetch(`${url}/api/health`), 'nothing listens any more');
  });

  test('every command of the README was run', () => {
    // "npm test" runs this very suite.
    assert.deepEqual(commands, ['npm test']);
  });

  test('docs/settings.md lists every setting, and no other', async () => {
    const [settings, config] = await Promise.all([
      readFile('docs/settings.md', 'utf8'),
      readFile('src/settings/environment.ts', 'utf8'),
    ]);
    const listed = [...settings.matchAll(/^\| `([A-Z\d_]+)` \|/gm)].map(([, name]) => name);
    const read = [...config.matchAll(/^ {2}([A-Z\d_]+):/gm)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), read.sort());
  });
});

/** The files below a folder in which one of the texts stands: rows, old versions of them, logs. */
async function filesWith(folder: string, texts: string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  assert.ok(files.some(({ parentPath }) => parentPath.endsWith('pg_wal')));
  const found = [];
  for (const { parentPath, name } of files) {
    const bytes = await readFile(join(parentPath, name));
    if (texts.some((text) => bytes.includes(text))) found.push(join(parentPath, name));
  }
  return found;
}

async function ended(url: string, apiKey: string, jobId: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/api/status/${jobId}`, {
      headers: { 'X-API-Key': apiKey },
    });
    const { status } = (await response.json()) as { status: string };
    if (status !== 'PENDING' && status !== 'PROCESSING') return assert.equal(status, 'COMPLETED');
    await delay(200);
  }
}
