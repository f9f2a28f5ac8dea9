import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from './database.ts';
import { requireProgram, without } from './programs.ts';

/** Why the tests in Firefox are left out here, or false. */
export const skipFirefox: string | false = without('firefox-esr', 'firefox-esr');

/** Prompts and downloads of a browser on a fresh machine. */
const quiet = {
  'app.normandy.enabled': false,
  'app.update.auto': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'http://127.0.0.1:9/',
  'toolkit.telemetry.enabled': false,
};

/** Opens the page in a Firefox of the test's own, which ends with the test. */
export async function openInFirefox(t: Cleanup, url: string): Promise<void> {
  const program = await requireProgram('firefox-esr', 'firefox-esr');
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-firefox-'));
  const preferences = Object.entries(quiet).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(folder, 'user.js'), preferences.join(''));
  const args = ['--headless', '--no-remote', '--profile', folder, url];
  // A group of its own: it consists of many processes.
  const firefox = spawn(program, args, {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: folder, TMPDIR: folder, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
  });
  const ended = once(firefox, 'exit');
  t.after(async () => {
    if (firefox.pid !== undefined) process.kill(-firefox.pid, 'SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
}
