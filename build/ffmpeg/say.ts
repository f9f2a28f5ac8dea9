import { spawn } from 'node:child_process';

/** A problem that a person can fix: shown as a sentence, without a stack. */
export class Refusal extends Error {}

const terminal = process.stderr.isTTY;

/** Does one step and says on stderr how far it is and how long it took. */
export async function step<T>(
  title: string,
  work: (onPart: (done: number, of: number) => void) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const line = (text: string) => process.stderr.write(terminal ? `\r\x1b[K${text}` : `${text}\n`);
  if (terminal) line(`${title} …`);
  let shown = 0;
  const result = await work((done, of) => {
    const percent = Math.floor((100 * done) / of);
    // A log gets a line for each quarter.
    if (percent < shown + (terminal ? 1 : 25)) return;
    shown = percent;
    line(`${title} … ${percent} %`);
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${title}: ${seconds} s\n`);
  return result;
}

/**
 * Runs a program to its end and resolves with its stdout.
 *
 * @throws Refusal with the end of its output, when it fails
 */
export function run(
  program: string,
  args: string[],
  cwd: string,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      // What the sources print is read, and what they compile must not depend on who compiles it.
      env: {
        PATH: process.env.PATH ?? '',
        HOME: cwd,
        LC_ALL: 'C',
        PKG_CONFIG_LIBDIR: '../x264/lib/pkgconfig',
      },
    });
    let stdout = '';
    let output = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output = (output + text).slice(-4_000);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
    child.on('error', (error) => reject(new Refusal(`${program} does not run: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) return resolve(stdout);
      reject(new Refusal(`${[program, ...args].join(' ')} failed:\n${output.trim()}`));
    });
  });
}
