import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import { findFfmpeg } from '../../worker/media/ffmpeg/find_ffmpeg.ts';
import { type Cleanup, createEmptyDatabase } from '../support/database.ts';
import { assertVideo } from '../support/media.ts';
import { secretsKey } from '../support/server.ts';
import { clientOf, type Key } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

const run = promisify(execFile);
const project = resolve(import.meta.dirname, '..', '..');

/** An artifact in a folder of its own. */
export type Artifact = {
  folder: string;
  command: [string, ...string[]];
  /** What may happen to it while it runs. */
  disturb?(): Promise<void>;
};

/** A folder outside of the project that is gone after the test. */
export async function bareFolder(t: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-artifact-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await Promise.all(['home', 'tmp', 'empty'].map((name) => mkdir(join(folder, name))));
  return folder;
}

/** The environment of a bare machine. PATH leads nowhere, so FFMPEG_PATH is set unless VidGen carries an ffmpeg. */
export async function bareEnvironment({ folder }: Artifact): Promise<Record<string, string>> {
  const ffmpeg = findFfmpeg(process.env.FFMPEG_PATH);
  return {
    PATH: join(folder, 'empty'),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    ...(ffmpeg.from === 'VidGen itself' ? {} : { FFMPEG_PATH: ffmpeg.ffmpegPath }),
  };
}

/** Runs an artifact in its folder until it exits, as another user if `uid` is given. */
export async function callArtifact(
  { uid, ...artifact }: Artifact & { uid?: number },
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [program, ...before] = artifact.command;
  const options = { cwd: join(artifact.folder, 'empty'), env, ...(uid ? { uid, gid: uid } : {}) };
  const called = run(program, [...before, ...args], options);
  return called.then(
    (ended) => ({ code: 0, ...ended }),
    (error) => error,
  );
}

/** Starts the artifact on an empty database, creates a key, submits a job as a client would and checks the video. */
export async function makesVideo(t: Cleanup, artifact: Artifact): Promise<void> {
  const { url: databaseUrl } = await createEmptyDatabase(t);
  const port = await freePort();
  const env = {
    ...(await bareEnvironment(artifact)),
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey,
    HOST: '127.0.0.1',
    PORT: String(port),
    CLIENT_IP_SOURCE: 'header:X-Test-Ip',
    LOG_LEVEL: 'warn',
  };
  const [program, ...before] = artifact.command;
  const child = spawn(program, [...before, 'start'], {
    cwd: join(artifact.folder, 'empty'),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) if (line.includes('listens')) break;

  const db = openDb(databaseUrl, { max: 1 });
  try {
    const client = clientOf(`http://localhost:${port}`, db);
    const page = await (await client.call('/')).text();
    for (const [, asset = ''] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g))
      assert.equal((await client.call(asset)).status, 200, asset);
    const made = await callArtifact(artifact, env, 'keys', 'create', 'a caller', '--json');
    const key = JSON.parse(made.stdout) as Key;
    await artifact.disturb?.();
    const { jobId } = (await (await client.submit(key)).json()) as { jobId: string };
    const { outputVideo } = await client.until(key, jobId, 'COMPLETED');
    const video = join(artifact.folder, 'video.mp4');
    await writeFile(video, (await (await fetch(outputVideo ?? '')).bytes()) as Uint8Array);
    await assertVideo(video);
    const tools = await client.call('/mcp', key, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}',
    });
    assert.match(await tools.text(), /"make_video"/);
    assert.deepEqual(await filesOfProject(child.pid), []);
    const roles = await callArtifact(artifact, env, 'roles');
    assert.equal(roles.stdout, await readFile('sql/roles.sql', 'utf8'));
    await makesVideoAlone(artifact, env);
  } finally {
    await db.close();
  }
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
}

/** The same by "vidgen make", without a service. */
async function makesVideoAlone(artifact: Artifact, env: Record<string, string>): Promise<void> {
  const inputs = await tinyInputs();
  const [image, audio, output] = ['tiny.png', 'tiny.wav', 'tiny.mp4'].map((name) =>
    join(artifact.folder, name),
  ) as [string, string, string];
  await writeFile(image, inputs.image.stream());
  await writeFile(audio, inputs.audio.stream());
  const made = await callArtifact(artifact, env, 'make', image, audio, '-o', output, '--json');
  assert.equal(made.code, 0, made.stderr);
  const { bytes } = JSON.parse(made.stdout) as { bytes: number };
  assert.equal((await readFile(output)).length, bytes);
}

/** What a process has loaded from the project, except the Node.js that runs it (Linux). */
async function filesOfProject(pid: number | undefined): Promise<string[]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '');
  const files = new Set(maps.match(/\/.*/g));
  return [...files].filter((path) => path.startsWith(project) && path !== process.execPath);
}
