import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import type { Cleanup } from './database.ts';
import { findProgram, requireProgram, untilInstalled, without } from './programs.ts';

/** Screenshots for people to look at; git ignores them. */
const artifacts = new URL('../artifacts/', import.meta.url).pathname;

/** Why browser tests are skipped here, or false. In CI a missing browser is a failure. */
export const skipBrowser: string | false = findChromium() ? false : without('chromium');

function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
  const macs = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return process.env.CHROMIUM_PATH ?? [...names, macs].map(findProgram).find(Boolean);
}

/** A Chromium of the test's own that contacts only the pages it is sent to; `graphics` sets how it draws. */
export async function startBrowser(
  t: Cleanup,
  graphics: string[] = ['--disable-gpu', '--in-process-gpu'],
): Promise<Browser> {
  await untilInstalled();
  const executablePath = findChromium() ?? (await requireProgram('chromium'));
  // Its libraries leave files behind, also in HOME.
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-browser-'));
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      ...graphics,
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--mute-audio',
    ],
    env: { ...process.env, HOME: folder, TMPDIR: folder },
  });
  t.after(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  return browser;
}

/** `faults` gathers what no page may have. */
export type OpenedPage = Page & { faults: string[] };

/**
 * A page in a fresh profile. `faults` collects what no page may have: script errors, violations of the
 * content security policy, requests to other hosts.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    // Screenshots show the end of a transition, not its middle.
    reducedMotion: 'reduce',
    ...options,
  });
  // As long as every other wait of the tests: a busy machine takes its time to render.
  context.setDefaultTimeout(90_000);
  const page = Object.assign(await context.newPage(), { faults: [] as string[] });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => {
    // The browser logs each refused request; some tests provoke them.
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text()))
      page.faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !/^(blob|data):/.test(request.url()))
      page.faults.push(`a request to ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

/** With PICTURES=on, keeps a picture of the page as it is seen, or whole, or of a part of it. */
export async function picture(
  of: Page | Locator,
  name: string,
  options: { fullPage?: boolean } = {},
): Promise<void> {
  if (process.env.PICTURES !== 'on') return;
  await keepPicture(name, await of.screenshot(options));
}

export async function keepPicture(name: string, png: Buffer): Promise<void> {
  await mkdir(artifacts, { recursive: true });
  await writeFile(join(artifacts, `${name}.png`), png);
}

/** For what looks different and is otherwise the same, such as the page in the dark. */
export const onlyContrast = ['color-contrast'];

const axeSource = readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** What axe-core finds wrong on the page, or in one part of it, one line each; by all of its rules, or by these. */
export async function accessibilityFaults(
  page: Page,
  part = ':root',
  rules?: string[],
): Promise<string[]> {
  // By way of the debugger, past the page's own policy.
  await page.evaluate(await axeSource);
  return page.evaluate(
    async ({ part, runOnly, resultTypes }) => {
      type Node = { target: unknown[]; failureSummary?: string };
      type Axe = {
        run(
          part: string,
          options: { runOnly?: string[]; resultTypes: string[] },
        ): Promise<{ violations: { id: string; help: string; nodes: Node[] }[] }>;
      };
      const { axe } = globalThis as unknown as { axe: Axe };
      const { violations } = await axe.run(part, { resultTypes, ...(runOnly && { runOnly }) });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`,
        ),
      );
    },
    // Or it would find a selector for everything that is right, too.
    { part, runOnly: rules, resultTypes: ['violations'] },
  );
}
