import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { unpack } from '../../build/unpack.ts';
import { inReverse } from '../support/database.ts';
import { mount } from '../support/mount.ts';

const contents: Record<string, string> = { 'vidgen.mjs': 'program', 'native/one.node': 'code' };
const files = Object.entries(contents).map(([path, text]) => ({ path, bytes: text.length }));
const manifest = { digest: 'abc', files };
const isRoot = process.getuid?.() === 0;

/** Unpacks with only these settings. */
function unpackWith(settings: Record<string, string>): string {
  const before = { ...process.env };
  for (const name of ['VIDGEN_CACHE_DIR', 'XDG_CACHE_HOME', 'HOME', 'TMPDIR'])
    delete process.env[name];
  Object.assign(process.env, settings);
  try {
    return unpack(manifest, (path) => Buffer.from(contents[path] ?? ''));
  } finally {
    for (const name of Object.keys(settings)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

describe('what the executable unpacks', () => {
  test('goes where the operator says, and is whole again after a cleaning', async (t) => {
    const cache = await mkdtemp(join(tmpdir(), 'vidgen-unpack-'));
    t.after(() => rm(cache, { recursive: true }));
    const settings = { VIDGEN_CACHE_DIR: join(cache, 'a', 'b') };
    const folder = unpackWith(settings);
    assert.equal(folder, join(cache, 'a', 'b', 'vidgen-abc'));
    await unlink(join(folder, 'native/one.node'));
    await writeFile(join(folder, 'vidgen.mjs'), 'prog');
    assert.equal(unpackWith(settings), folder);
    for (const [path, text] of Object.entries(contents))
      assert.equal(await readFile(join(folder, path), 'utf8'), text);
  });

  test('goes elsewhere, or nowhere in a sentence, where it could not be written or run', async (t) => {
    const cache = await mkdtemp(join(tmpdir(), 'vidgen-unpack-'));
    t.after(() => rm(cache, { recursive: true }));
    await writeFile(join(cache, 'file'), '');
    const folder = unpackWith({
      XDG_CACHE_HOME: join(cache, 'file'),
      HOME: join(cache, 'file'),
      TMPDIR: cache,
    });
    assert.equal(folder, join(cache, 'vidgen-abc'));
    assert.throws(
      () => unpackWith({ VIDGEN_CACHE_DIR: join(cache, 'file') }),
      /^Error: its contents must be unpacked once, .*ENOTDIR.* Set VIDGEN_CACHE_DIR to a folder/,
    );
  });

  test('is refused on a file system without programs', { skip: !isRoot }, async (t) => {
    const cleanup = inReverse(t);
    const cache = await mkdtemp(join(tmpdir(), 'vidgen-noexec-'));
    cleanup.after(() => rm(cache, { recursive: true }));
    const mounted = join(cache, 'mounted');
    await mkdir(mounted);
    mount(cleanup, mounted, 'size=1m,noexec');
    assert.throws(() => unpackWith({ VIDGEN_CACHE_DIR: mounted }), /mounted with noexec/);
  });
});
