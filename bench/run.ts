import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

/** One measured number. `must` and `aim` are what it is held against; smaller is not always better. */
export type Measurement = {
  name: string;
  value: number;
  unit: string;
  must?: number | string;
  aim?: number | string;
  note?: string;
};

const help = `Usage: npm run bench [-- NAME…]

Measures the whole project, or the named parts, as ratios against something that runs in the same minute.
Prints a table, and after a whole run writes bench/results.json. It never fails for being slow.`;

const known = ['render', 'responsive', 'upload', 'api', 'webhooks', 'load'];

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(`${help}\n\nParts: ${known.join(', ')}`);
} else if (args[0] === '--part' && process.send) {
  // In a process of its own, so that no part disturbs the memory or the pools of the next.
  const module = (await import(`./${args[1]}.ts`)) as Record<string, () => Promise<Measurement[]>>;
  const bench = Object.entries(module).find(([name]) => name.startsWith('bench'))?.[1];
  process.send(bench ? await bench() : []);
  process.disconnect();
} else {
  const unknown = args.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no benchmark ${unknown.join(', ')}: ${known.join(', ')}.`);
  await benchAll(args.length > 0 ? args : known, args.length === 0);
}

async function benchAll(parts: string[], whole: boolean): Promise<void> {
  const results: Record<string, Measurement[]> = {};
  for (const part of parts) {
    console.error(`Measuring ${part}`);
    const child = spawn(process.execPath, ['--import', 'tsx', 'bench/run.ts', '--part', part], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (measured) => {
      results[part] = measured as Measurement[];
    });
    await once(child, 'exit');
    show(part, results[part] ?? []);
  }
  const machine = await describeMachine();
  console.log(`\n${Object.values(machine).join(' · ')}`);
  if (!whole) return;
  await writeFile('bench/results.json', `${JSON.stringify({ machine, results }, null, 2)}\n`);
  console.log('Written to bench/results.json');
}

function show(part: string, measured: Measurement[]): void {
  console.log(`\n${part}${measured.length === 0 ? ': no result' : ''}`);
  for (const { name, value, unit, must, aim, note } of measured) {
    const goal = [must !== undefined && `must ${must}`, aim !== undefined && `aim ${aim}`]
      .filter(Boolean)
      .join(', ');
    console.log(
      `  ${name.padEnd(64)} ${format(value).padStart(10)} ${unit.padEnd(8)} ${goal}${note ? `  (${note})` : ''}`,
    );
  }
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

async function describeMachine(): Promise<Record<string, string>> {
  const ffmpeg = await promisify(execFile)('ffmpeg', ['-version']).catch(() => ({
    stdout: 'ffmpeg unknown',
  }));
  return {
    date: new Date().toISOString(),
    processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()}`,
    node: `Node.js ${process.version}`,
    ffmpeg: ffmpeg.stdout.split(' Copyright')[0] ?? '',
  };
}
