import { readFileSync } from 'node:fs';

type Given = Record<string, string | undefined>;

/**
 * Settings that are secret or contain a password. Each may be given as NAME_FILE instead: the path of a file that
 * holds it, as Docker, Kubernetes and systemd hand secrets to a process. An environment is shown to more:
 * "docker inspect", crash reports, other processes of the same user.
 */
const secretSettings = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_OWNER_URL',
  'OPS_DATABASE_URL',
  'SECRETS_KEY',
  'OPS_PASSWORD',
  'METRICS_TOKEN',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'WEBHOOK_PROXY_URL',
  'VIDGEN_API_KEY',
];

export const secretFileSettings = secretSettings.map((name) => `${name}_FILE`);

/** Reads what is given as files, with a sentence for each that cannot be had so. */
export function readSecretFiles(given: Given): { secrets: Given; faults: string[] } {
  const secrets: Given = {};
  const faults: string[] = [];
  for (const name of secretSettings) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    const content = given[name] === undefined ? contentOf(path) : undefined;
    if (content === undefined) faults.push(`Set either ${name} or ${name}_FILE, not both.`);
    else if ('fault' in content) faults.push(`${name}_FILE names ${path}, which ${content.fault}.`);
    else secrets[name] = content.text;
  }
  return { secrets, faults };
}

/** The text of a file without its last line break, which editors and "echo" leave. Never part of a message. */
function contentOf(path: string): { text: string } | { fault: string } {
  try {
    const text = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
    return text.trim() ? { text } : { fault: 'is empty' };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { fault: sentences[code] ?? `cannot be read (${code})` };
  }
}

const sentences: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'this user may not read: change its owner or its mode',
  EISDIR: 'is a folder',
};
