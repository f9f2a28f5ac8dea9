import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { notesOf } from './changelog.ts';

// node build/release_notes.ts v1.0.0: prints what CHANGELOG.md says of the version, or refuses a tag that is not
// prepared. It needs no package.

const root = resolve(import.meta.dirname, '..');
const [tag = ''] = process.argv.slice(2);
const { version } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
const notes = notesOf(await readFile(resolve(root, 'CHANGELOG.md'), 'utf8'), tag.slice(1));
const fault =
  tag !== `v${version}`
    ? `The tag ${tag} is not the version of package.json, which is ${version}.`
    : notes === undefined && `CHANGELOG.md has nothing under "## [${version}] - DAY".`;
if (fault) {
  console.error(fault);
  process.exitCode = 1;
} else console.log(notes);
