import assert from 'node:assert/strict';
import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { bundle } from '../../build/bundle.ts';
import { makeExecutable } from '../../build/executable.ts';
import { suiteCleanup } from '../support/database.ts';
import {
  type Artifact,
  bareEnvironment,
  bareFolder,
  callArtifact,
  makesVideo,
} from './artifact.ts';

describe('npm run build:binary', { skip: process.platform !== 'linux' && 'Linux only' }, () => {
  const t = suiteCleanup();
  let artifact: Artifact;
  let cache: string;
  before(async () => {
    const built = await bareFolder(t);
    const folder = await bareFolder(t);
    cache = join(folder, 'home', '.cache');
    artifact = { folder, command: [join(folder, 'vidgen')] };
    await bundle(join(built, 'dist'));
    await makeExecutable(join(built, 'dist'), artifact.command[0]);
  });

  test('many that start at once unpack it once, for their user alone', async () => {
    const env = await bareEnvironment(artifact);
    const calls = [1, 2, 3].map(() => callArtifact(artifact, env, '--help'));
    for (const { code, stdout, stderr } of await Promise.all(calls)) {
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^Usage: vidgen COMMAND/);
    }
    const folders = await readdir(cache);
    assert.equal(folders.length, 1);
    assert.equal((await stat(join(cache, folders[0] ?? ''))).mode & 0o777, 0o700);
  });

  test('it starts in an empty folder, migrates, and makes a video', (t) => makesVideo(t, artifact));

  test('what others may change is not run', async () => {
    const [folder = ''] = await readdir(cache);
    await chmod(join(cache, folder), 0o777);
    const env = await bareEnvironment(artifact);
    const { code } = await callArtifact(artifact, env, '--help');
    assert.equal(code, 0);
    assert.deepEqual(await readdir(env.TMPDIR ?? ''), [folder]);
    await chmod(join(env.TMPDIR ?? '', folder), 0o777);
    const refused = await callArtifact(artifact, env, '--help');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^VidGen cannot start: .* Set VIDGEN_CACHE_DIR .*\n$/);
  });
});
