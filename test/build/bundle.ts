import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import {
  type Artifact,
  bareEnvironment,
  bareFolder,
  callArtifact,
  makesVideo,
} from './artifact.ts';

/** What "npm run build" makes, in a folder of its own. */
export function bundleRuns(built: () => string): void {
  let artifact: Artifact;
  before(() => {
    const program = join(built(), 'dist', 'vidgen.mjs');
    artifact = { folder: built(), command: [process.execPath, '--enable-source-maps', program] };
  });

  test('one file with what it runs apart, their source maps, and the native code of sharp', async () => {
    const dist = join(artifact.folder, 'dist');
    const native = join('node_modules', '@img');
    assert.deepEqual((await readdir(dist)).sort(), [
      'compose_program.cjs',
      'draw_program.cjs',
      'index_program.cjs',
      'node_modules',
      'vidgen.mjs',
      'vidgen.mjs.map',
    ]);
    for (const name of await readdir(join(dist, native))) assert.match(name, /^sharp-/);
  });

  test('no package in it is one for development', async () => {
    const map = await readFile(join(artifact.folder, 'dist', 'vidgen.mjs.map'), 'utf8');
    const { sources } = JSON.parse(map) as { sources: string[] };
    const inside = new Set(
      sources.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]),
    );
    const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    assert.ok(inside.has('hono') && inside.has('graphile-worker'));
    assert.deepEqual(
      Object.keys(devDependencies).filter((name) => inside.has(name)),
      [],
    );
  });

  test('it starts in an empty folder, migrates, and makes a video', (t) => makesVideo(t, artifact));

  test('without DATABASE_URL a sentence says to set it', async () => {
    const { code, stderr } = await callArtifact(artifact, await bareEnvironment(artifact), 'start');
    assert.equal(code, 1);
    assert.match(stderr, /^The embedded PostgreSQL .* set DATABASE_URL .*\n$/);
  });

  test('a stack names the lines of the source', async () => {
    const program = join(artifact.folder, 'dist', 'vidgen.mjs');
    const [code, map] = await Promise.all([
      readFile(program, 'utf8'),
      readFile(`${program}.map`, 'utf8'),
    ]);
    const before = code.slice(0, code.indexOf('(with ffprobe beside it)')).split('\n');
    const entry = new SourceMap(JSON.parse(map)).findEntry(
      before.length - 1,
      before.at(-1)?.length ?? 0,
    );
    assert.ok('originalSource' in entry);
    assert.match(entry.originalSource, /worker\/media\/ffmpeg\/find_ffmpeg\.ts$/);
    const source = await readFile('worker/media/ffmpeg/find_ffmpeg.ts', 'utf8');
    assert.match(source.split('\n')[entry.originalLine] ?? '', /with ffprobe beside it/);
  });

  test('npm pack gives the program without its sources, and it runs', async (t) => {
    const folder = await bareFolder(t);
    const run = promisify(execFile);
    await run('npm', ['pack', '--silent', '--pack-destination', folder]);
    const [archive = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    await run('tar', ['--extract', '--gzip', '--file', archive], { cwd: folder });
    const all = await readdir(join(folder, 'package'), { recursive: true, withFileTypes: true });
    const sources = all.filter(({ name }) => /\.tsx?$/.test(name));
    assert.deepEqual(sources, []);
    const program = join(folder, 'package', 'bin', 'vidgen.js');
    const { stdout } = await run(process.execPath, [program, '--version'], { cwd: folder });
    assert.match(stdout, /^\d+\.\d+\.\d+ \(\w+(-dirty)?, \d{4}-\d\d-\d\d\)\n$/);
    const roles = await run(process.execPath, [program, 'roles'], { cwd: folder });
    assert.equal(roles.stdout, await readFile('sql/roles.sql', 'utf8'));
  });
}
