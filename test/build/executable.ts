import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { makeExecutable } from '../../build/executable.ts';
import { inReverse, suiteCleanup } from '../support/database.ts';
import { mount } from '../support/mount.ts';
import {
  type Artifact,
  bareEnvironment,
  bareFolder,
  callArtifact,
  makesVideo,
} from './artifact.ts';

/** What "npm run build:binary" makes of the bundle in this folder. */
export function executableRuns(built: () => string): void {
  const t = suiteCleanup();
  let artifact: Artifact;
  let cache: string;
  before(async () => {
    const folder = await bareFolder(t);
    cache = join(folder, 'home', '.cache');
    artifact = {
      folder,
      command: [join(folder, 'vidgen')],
      // As what cleans /tmp does.
      disturb: async () => {
        for (const name of await readdir(cache)) await rm(join(cache, name), { recursive: true });
      },
    };
    await makeExecutable(join(built(), 'dist'), artifact.command[0]);
  });

  test('many that start at once unpack it once, for their user alone', async () => {
    const env = await bareEnvironment(artifact);
    const calls = [1, 2, 3].map(() => callArtifact(artifact, env, '--version'));
    for (const { code, stdout, stderr } of await Promise.all(calls)) {
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^\d+\.\d+\.\d+ /);
    }
    const folders = await readdir(cache);
    assert.equal(folders.length, 1);
    assert.equal((await stat(join(cache, folders[0] ?? ''))).mode & 0o777, 0o700);
  });

  test('it starts in an empty folder, migrates, and makes a video, though its cache is cleaned meanwhile', (t) =>
    makesVideo(t, artifact));

  test('a user without a home and without an entry in /etc/passwd may run it, from where programs may run', {
    skip: process.getuid?.() !== 0,
  }, async (t) => {
    const { PATH = '' } = await bareEnvironment(artifact);
    const cleanup = inReverse(t);
    const temporary = await mkdtemp(join(tmpdir(), 'vidgen-nobody-'));
    cleanup.after(() => rm(temporary, { recursive: true }));
    const noexec = join(temporary, 'noexec');
    await mkdir(noexec);
    mount(cleanup, noexec, 'noexec,mode=777');
    await Promise.all([chmod(temporary, 0o777), chmod(artifact.folder, 0o755)]);
    const somebody = { ...artifact, uid: 54_321 };
    const version = (env: Record<string, string>) =>
      callArtifact(somebody, { PATH, ...env }, '--version');
    const refused = await version({ TMPDIR: noexec });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^VidGen cannot start: .* noexec.* Set VIDGEN_CACHE_DIR .*\n$/);
    const good: Record<string, string>[] = [
      { TMPDIR: temporary },
      { TMPDIR: noexec, VIDGEN_CACHE_DIR: join(temporary, 'chosen') },
    ];
    for (const env of good) {
      const { code, stdout, stderr } = await version(env);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^\d+\.\d+\.\d+ /);
    }
  });

  test('what others may change is not run', async () => {
    const [folder = ''] = await readdir(cache);
    await chmod(join(cache, folder), 0o777);
    const env = await bareEnvironment(artifact);
    const { code } = await callArtifact(artifact, env, '--version');
    assert.equal(code, 0);
    assert.deepEqual(await readdir(env.TMPDIR ?? ''), [folder]);
    await chmod(join(env.TMPDIR ?? '', folder), 0o777);
    const refused = await callArtifact(artifact, env, '--version');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^VidGen cannot start: .* Set VIDGEN_CACHE_DIR .*\n$/);
  });
}
