import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepPicture } from './browser.ts';
import type { Cleanup } from './database.ts';
import { requireProgram, without } from './programs.ts';

/** Why the tests in Firefox are left out here, or false. */
export const skipFirefox: string | false = without('firefox-esr');

/** Prompts and downloads of a browser on a fresh machine. */
const quiet = {
  'app.normandy.enabled': false,
  'app.update.auto': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'security.remote_settings.crlite_filters.enabled': false,
  'security.remote_settings.intermediates.enabled': false,
  'services.settings.server': 'http://127.0.0.1:9/',
  'toolkit.telemetry.enabled': false,
};

/** What a browser starts beside its pages: other processes, pages and extensions. */
const lean = {
  'browser.ml.enable': false,
  'browser.newtabpage.enabled': false,
  'browser.pagethumbnails.capturing_disabled': true,
  'browser.startup.page': 0,
  'browser.translations.enable': false,
  'dom.ipc.processCount': 1,
  'dom.ipc.processPrelaunch.enabled': false,
  'extensions.enabledScopes': 0,
  'extensions.installDistroAddons': false,
  'extensions.webextensions.remote': false,
  'fission.autostart': false,
  'network.process.enabled': false,
  'privacy.trackingprotection.enabled': false,
};

/** Opens the page in a Firefox of the test's own, which ends with the test. */
export async function openInFirefox(t: Cleanup, url: string): Promise<void> {
  await startFirefox(t, [url]);
}

/** A page in a Firefox of the test's own, driven by WebDriver BiDi as any Firefox speaks it. */
export type FirefoxPage = {
  goto(url: string): Promise<void>;
  /** The value of an expression, awaited; anything that JSON can hold. */
  evaluate<Result>(expression: string): Promise<Result>;
  /** Waits until the expression is true. */
  until(expression: string): Promise<void>;
  /** Presses the middle of the first element, as a mouse does. */
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  resize(viewport: { width: number; height: number }): Promise<void>;
  /** With PICTURES=on, keeps a picture of what is seen. */
  picture(name: string): Promise<void>;
};

export async function openFirefox(
  t: Cleanup,
  viewport: { width: number; height: number },
): Promise<FirefoxPage> {
  const firefox = await startFirefox(t, ['--remote-debugging-port', '0']);
  let printed = '';
  for await (const data of firefox.stderr ?? []) {
    printed += data;
    if (/WebDriver BiDi listening on ws:\S+\s/.test(printed)) break;
  }
  const address = /ws:\S+/.exec(printed)?.[0];
  if (!address) throw new Error(`Firefox does not listen: ${printed}`);
  const { call, close } = await connect(`${address}/session`);
  t.after(close);
  await call('session.new', { capabilities: {} });
  const { contexts } = await call('browsingContext.getTree', {});
  const { context } = contexts[0];
  const act = (type: string, actions: object[]) =>
    call('input.performActions', { context, actions: [{ type, id: type, actions }] });

  const evaluate = async <Result>(expression: string): Promise<Result> => {
    const { result, exceptionDetails } = await call('script.evaluate', {
      expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
      target: { context },
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(`${exceptionDetails.text} in ${expression}`);
    return JSON.parse(result.value);
  };
  const click = async (selector: string) => {
    const { x, y } = await evaluate<{ x: number; y: number }>(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
    })()`);
    const press = [
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    await act('pointer', [{ type: 'pointerMove', x, y }, ...press]);
  };
  const page: FirefoxPage = {
    evaluate,
    click,
    goto: (url) => call('browsingContext.navigate', { context, url, wait: 'complete' }),
    until: (expression) =>
      evaluate(`new Promise((done) => {
        const look = () => (${expression} ? done(true) : setTimeout(look, 50));
        look();
      })`),
    type: async (selector, text) => {
      await click(selector);
      const keys = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
      await act('key', keys);
    },
    resize: (viewport) => call('browsingContext.setViewport', { context, viewport }),
    picture: async (name) => {
      if (process.env.PICTURES !== 'on') return;
      const { data } = await call('browsingContext.captureScreenshot', { context });
      await keepPicture(name, Buffer.from(data, 'base64'));
    },
  };
  await page.resize(viewport);
  return page;
}

/** Calls over a socket, each answered by its number. */
async function connect(address: string) {
  type Answer = { id?: number; type: string; message?: string; result?: unknown };
  const socket = new WebSocket(address);
  const waiting = new Map<number, (answer: Answer) => void>();
  let calls = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  await once(socket, 'open');
  return {
    // biome-ignore lint/suspicious/noExplicitAny: results have a shape for each method
    call: (method: string, params: object): Promise<any> =>
      new Promise((resolve, reject) => {
        const id = ++calls;
        waiting.set(id, ({ type, message, result }) => {
          waiting.delete(id);
          if (type === 'error') reject(new Error(`${method}: ${message}`));
          else resolve(result);
        });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}

async function startFirefox(t: Cleanup, more: string[]): Promise<ChildProcess> {
  const program = await requireProgram('firefox-esr');
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-firefox-'));
  const preferences = Object.entries({ ...quiet, ...lean }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(folder, 'user.js'), preferences.join(''));
  const args = ['--headless', '--no-remote', '--profile', folder, ...more];
  // A group of its own: it consists of many processes.
  const firefox = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder, TMPDIR: folder, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
  });
  const ended = once(firefox, 'exit');
  t.after(async () => {
    if (firefox.pid !== undefined) process.kill(-firefox.pid, 'SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  return firefox;
}
