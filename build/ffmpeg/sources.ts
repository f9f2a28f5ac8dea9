import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal, run } from './say.ts';

/**
 * Debian's release whose ffmpeg (5.1) the test suite runs with. Debian mends its security until 2028; it never
 * changes what it does.
 */
const release = 'bookworm';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const archives = [
  ['http://deb.debian.org/debian', release],
  ['http://deb.debian.org/debian-security', `${release}-security`],
].map(([address, suite]) => `deb-src [signed-by=${keyring}] ${address} ${suite} main\n`);

/** A source package: its description, which is signed, and the files that this names. */
export type SourcePackage = { name: string; version: string; dsc: string; files: SourceFile[] };
export type SourceFile = { name: string; sha256: string };

/**
 * Brings the newest patched sources of these packages into the folder, with lists of their own: the system's
 * need not have sources, and are left alone. apt checks the signature of Debian's archive.
 *
 * @returns whether Debian could be asked
 */
export async function fetchSources(folder: string, names: string[]): Promise<boolean> {
  const [lists, list] = [join(folder, '..', 'lists'), join(folder, '..', 'sources.list')];
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(folder, { recursive: true });
  await writeFile(list, archives.join(''));
  const apt = (...args: string[]) =>
    run(
      'apt-get',
      [
        ...['-q', '-o', `Dir::Etc::SourceList=${list}`, '-o', 'Dir::Etc::SourceParts=/dev/null'],
        ...['-o', `Dir::State::Lists=${lists}`],
        ...['-o', `Dir::Cache=${lists}`, '-o', 'APT::Sandbox::User=', '-o', 'Acquire::Retries=2'],
        ...args,
      ],
      folder,
    );
  try {
    await apt('update', '--error-on=any');
  } catch {
    return false;
  }
  const wanted = await apt('--print-uris', 'source', ...names);
  const current = new Set([...wanted.matchAll(/^'\S+' (\S+) /gm)].map(([, name]) => name));
  for (const name of await readdir(folder))
    if (!current.has(name)) await rm(join(folder, name), { recursive: true });
  await apt('source', '--download-only', ...names);
  return true;
}

/**
 * Reads what the folder has of a source package, and holds every file against the checksum in its description.
 *
 * @throws Refusal when there is none, or a file is missing or another
 */
export async function readSource(folder: string, name: string): Promise<SourcePackage> {
  const there = await readdir(folder).catch((): string[] => []);
  const dsc = there.find((file) => file.startsWith(`${name}_`) && file.endsWith('.dsc'));
  if (!dsc) {
    throw new Refusal(
      `The sources of ${name} cannot be fetched, because this system has no apt-get or cannot reach Debian. Put the files of a release's ffmpeg-sources.tar into ${folder} and start again.`,
    );
  }
  const text = await readFile(join(folder, dsc), 'utf8');
  const [, version = ''] = /^Version: (\S+)$/m.exec(text) ?? [];
  const [, list = ''] = /^Checksums-Sha256:\n((?: .*\n)+)/m.exec(text) ?? [];
  const files = [...list.matchAll(/^ ([\da-f]{64}) \d+ ([\w.+~-]+)$/gm)].map(
    ([, sha256 = '', file = '']) => ({ name: file, sha256 }),
  );
  for (const file of [...files]) {
    const bytes = await readFile(join(folder, file.name)).catch(() => undefined);
    const sha256 = bytes && createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== file.sha256)
      throw new Refusal(`${join(folder, file.name)} is not the file that ${dsc} describes.`);
  }
  return { name, version, dsc, files };
}

/** Unpacks a package into a new folder and applies Debian's patches. */
export async function unpackSource(
  folder: string,
  { files }: SourcePackage,
  into: string,
): Promise<void> {
  const fileOf = (part: string) => {
    const file = files.find(({ name }) => name.includes(part) && !name.endsWith('.asc'));
    return join(folder, file?.name ?? part);
  };
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  await run('tar', ['--extract', '--strip-components=1', '--file', fileOf('.orig.tar.')], into);
  await run('tar', ['--extract', '--file', fileOf('.debian.tar.')], into);
  const series = await readFile(join(into, 'debian', 'patches', 'series'), 'utf8').catch(() => '');
  for (const line of series.split('\n')) {
    const patch = line.replace(/#.*/, '').trim();
    if (patch) await run('patch', ['-p1', '-s', '-i', join('debian', 'patches', patch)], into);
  }
}
