import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

/** The folders that each folder may import from; the first entry that matches a file counts. */
const floors: [folder: string, below: string[]][] = [
  // The client is published by itself.
  ['client/', ['client/']],
  ['src/', ['src/', 'package.json']],
  [
    'worker/media/',
    [
      'worker/media/',
      ...['src/media_type.ts', 'src/video_options.ts', 'src/targets/', 'src/captions'],
      ...[
        'src/operator_error.ts',
        'src/log.ts',
        'src/process/project_files.ts',
        'src/process/home.ts',
      ],
    ],
  ],
  ['worker/', ['worker/', 'src/']],
  ['cli/', ['cli/', 'client/', 'worker/', 'src/', 'package.json']],
  ['bench/', ['bench/', 'cli/', 'worker/', 'src/', 'test/']],
];

const files = globSync('{src,client,worker,cli,bench,test,build}/**/*.{ts,tsx}').sort();
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** Type imports count too: two files that share types must be read together. */
function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found]
    .map(([, specifier = '']) => join(dirname(file), specifier))
    .filter((imported) => existsSync(imported));
}

describe('the structure of the program', () => {
  test('no file imports from a floor above', () => {
    const wrong = files.flatMap((file) => {
      const [, below] = floors.find(([folder]) => file.startsWith(folder)) ?? [];
      const above = (imports.get(file) ?? []).filter(
        (imported) => below && !below.some((folder) => imported.startsWith(folder)),
      );
      return above.map((imported) => `${file} imports ${imported}`);
    });
    assert.deepEqual(wrong, []);
  });

  test('no two files import each other, directly or by way of others', () => {
    const circles = new Set<string>();
    const done = new Set<string>();
    const walk = (file: string, path: string[]): void => {
      const at = path.indexOf(file);
      if (at >= 0) circles.add([...path.slice(at), file].join(' → '));
      if (at >= 0 || done.has(file)) return;
      for (const imported of imports.get(file) ?? []) walk(imported, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    assert.deepEqual([...circles], []);
  });

  test('a process without agents never loads what speaks to them', () => {
    const loaded = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file) || !file.endsWith('.ts')) return;
      loaded.add(file);
      // What is imported with import(…) is loaded when it is needed.
      const atOnce = readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*?from '([^']+)'/gms);
      for (const [, specifier = ''] of atOnce) {
        assert.ok(!specifier.startsWith('@modelcontextprotocol/'), `${file} loads ${specifier}`);
        if (specifier.startsWith('.')) load(join(dirname(file), specifier));
      }
    };
    for (const file of ['src/server.ts', 'worker/main.ts', 'cli/main.ts']) load(file);
    assert.ok(loaded.has('src/routes/mcp.ts'));
  });

  test('few files lie loose, so that each has a room', () => {
    const loose = (folder: string) => globSync(`${folder}/*.{ts,tsx}`).length;
    assert.ok(loose('src') <= 10, `${loose('src')} files in src/`);
    assert.ok(loose('worker') <= 5, `${loose('worker')} files in worker/`);
  });
});
