import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { components } from '../../build/ffmpeg/components.ts';
import { readSource } from '../../build/ffmpeg/sources.ts';
import { carriedProgram } from '../../worker/media/box/find_program.ts';
import { findFfmpeg, mustRun } from '../../worker/media/ffmpeg/find_ffmpeg.ts';
import { readers } from '../../worker/media/sound/decoders.ts';
import { file, folder, system } from '../support/media.ts';

const run = promisify(execFile);
const list = async (program: string, kind: string, line: RegExp) => {
  const { stdout } = await run(program, ['-hide_banner', `-${kind}`]);
  return [...stdout.matchAll(line)].map(([, name = '']) => name);
};

test('FFMPEG_PATH comes first, then the carried one, then the PATH', async (t) => {
  const dir = await folder(t);
  const program = async (name: string, lines = 'exit 0') => {
    const path = await file(dir, name, `#!/bin/sh\n${lines}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const [chosen, carried] = [await program('my-ffmpeg'), await program('ffmpeg')];
  await program('my-ffprobe');
  await program('ffprobe');
  assert.deepEqual(findFfmpeg(chosen, carried), {
    ffmpegPath: chosen,
    ffprobePath: join(dir, 'my-ffprobe'),
    from: 'FFMPEG_PATH',
  });
  assert.deepEqual(findFfmpeg(undefined, carried), {
    ffmpegPath: carried,
    ffprobePath: join(dir, 'ffprobe'),
    from: 'VidGen itself',
  });
  const { ffmpegPath, from } = findFfmpeg('ffmpeg', carried);
  assert.deepEqual([ffmpegPath, from], [system.ffmpegPath, 'FFMPEG_PATH']);
  await program('my-ffprobe', 'echo "libx.so.1: cannot open shared object file" >&2; exit 127');
  await assert.rejects(mustRun(findFfmpeg(chosen)), {
    message: `${join(dir, 'my-ffprobe')} does not run (libx.so.1: cannot open shared object file). Install ffmpeg, or set FFMPEG_PATH to it (with ffprobe beside it).`,
  });
});

test('our own ffmpeg reads every kind of audio that is accepted', async () => {
  const known = new Set(await list(system.ffmpegPath, 'decoders', /^ A\S{5} (\S+) /gm));
  // Libraries only do again what ffmpeg's own decoders do.
  const own = (name: string) => known.has(name) && !name.startsWith('lib');
  for (const { demuxer, decoders } of Object.values(readers)) {
    assert.ok(components.demuxer.includes(demuxer), demuxer);
    for (const name of decoders.split(',').filter(own))
      assert.ok(components.decoder.includes(name.replace(/^g72(2|6)/, 'adpcm_$&')), name);
  }
});

test('our own ffmpeg has every filter that the worker names', async () => {
  const known = new Set(await list(system.ffmpegPath, 'filters', /^ \S{3} (\w+) /gm));
  const used = new Set<string>();
  for await (const path of glob('worker/media/**/*.ts')) {
    const code = (await readFile(path, 'utf8'))
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/^ *\/\/.*/gm, '');
    // In a string: a name before its arguments, or between the brackets and commas of a graph.
    for (const [name] of code.matchAll(/(?<=['`,;\]])\w+(?=(@\w+)?=)|(?<=[,;\]])\w+(?=[[,;'`])/g))
      if (known.has(name)) used.add(name);
  }
  used.delete('ssim'); // here it is an option of x264
  assert.ok(used.size > 20);
  assert.deepEqual(
    [...used].filter((name) => !components.filter.includes(name)),
    [],
  );
});

const carried = carriedProgram('ffmpeg/ffmpeg');
if (carried)
  test('the one that was compiled decodes what it should and nothing else', async () => {
    const decoders = await list(carried, 'decoders', /^ \S{6} (\w+) +/gm);
    const named = decoders.map((name) =>
      name.replace('mov_text', 'movtext').replace(/^g72(2|6)/, 'adpcm_$&'),
    );
    assert.deepEqual(named.sort(), [...components.decoder].sort());
    assert.deepEqual(await list(carried, 'protocols', /^ {2}(\w+)$/gm), [
      'file',
      'pipe',
      'file',
      'pipe',
    ]);
  });

test('a source that is not what its description says is refused', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-sources-'));
  t.after(() => rm(dir, { recursive: true }));
  await assert.rejects(
    readSource(dir, 'x264'),
    /Put the files of a release's ffmpeg-sources\.tar into/,
  );
  await writeFile(join(dir, 'x264_1.orig.tar.gz'), 'source');
  const sum = '41cf6794ba4200b839c53531555f0f3998df4cbb01a4d5cb0b94e3ca5e23947d';
  const describe = (sha256: string) =>
    writeFile(
      join(dir, 'x264_1-2.dsc'),
      `Version: 1-2\nChecksums-Sha256:\n ${sha256} 6 x264_1.orig.tar.gz\nFiles:\n`,
    );
  await describe(sum);
  const { version, files } = await readSource(dir, 'x264');
  assert.deepEqual([version, files], ['1-2', [{ name: 'x264_1.orig.tar.gz', sha256: sum }]]);
  await describe(sum.replace('4', '5'));
  await assert.rejects(readSource(dir, 'x264'), /is not the file that x264_1-2\.dsc describes/);
});
