import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../../src/postgres/db.ts';
import { freePort } from '../../../src/process/free_port.ts';
import type { Cleanup } from '../../support/database.ts';
import { until } from '../../support/until.ts';
import { type Process, startProcess } from '../fleet.ts';
import { startTcpProxy, type TcpProxy } from '../tcp_proxy.ts';

/** A place for one process, with its own network path to the database. */
export type Place = {
  kind: 'web' | 'worker';
  url: string;
  proxy: TcpProxy;
  /** The process that runs there now. */
  process: Process;
};

export type Host = {
  places: Place[];
  webs: Place[];
  /** Exits that neither our signals nor an injected fault explain. */
  strangeEnds: string[];
  restarts: number;
  /** Adds a place for one more process. */
  add(kind: Place['kind']): Promise<void>;
  /** Sends SIGTERM to all and restarts none. */
  stop(): Promise<void>;
};

/** Runs processes as a hosting platform does: one that ends is restarted. */
export async function startHost(
  t: Cleanup,
  o: { databaseUrl: string; webs: number; workers: number; env: Record<string, string> },
): Promise<Host> {
  const host: Host = { places: [], webs: [], strangeEnds: [], restarts: 0, add, stop };
  let stopping = false;

  async function add(kind: Place['kind']): Promise<void> {
    const address = new URL(o.databaseUrl);
    const proxy = await startTcpProxy(t, Number(address.port));
    address.port = String(proxy.port);
    const port = await freePort();
    const start = () => {
      const process = startProcess(t, kind, port, { ...o.env, DATABASE_URL: address.href });
      void process.exited.then(async ({ code, signal }) => {
        // Exit code 1: it was taken for dead, or had no database at its start. SIGTERM: the signal came before its handler was set.
        if (code !== 0 && code !== 1 && signal !== 'SIGKILL' && signal !== 'SIGTERM')
          host.strangeEnds.push(`${kind} ended with ${code ?? signal}: ${process.output()}`);
        if (stopping) return;
        await delay(300);
        if (stopping) return;
        host.restarts += 1;
        place.process = start();
      });
      return process;
    };
    const place: Place = { kind, url: `http://127.0.0.1:${port}`, proxy, process: start() };
    // An interrupted run kills the processes silently; they must not be restarted.
    t.after(() => {
      stopping = true;
    });
    host.places.push(place);
    if (kind === 'web') host.webs.push(place);
  }

  async function stop(): Promise<void> {
    stopping = true;
    for (const { process } of host.places) process.kill('SIGTERM');
    for (const { kind, process } of host.places) {
      const { code } = await process.exited;
      if (code !== 0)
        host.strangeEnds.push(`${kind} ended its stop with ${code}: ${process.output()}`);
    }
  }

  for (let n = 0; n < o.webs; n++) await add('web');
  for (let n = 0; n < o.workers; n++) await add('worker');
  await until('all web processes answer', async () => {
    const answers = await Promise.all(
      host.webs.map(({ url }) =>
        fetch(`${url}/api/health`).then(
          (r) => r.ok,
          () => false,
        ),
      ),
    );
    return answers.every(Boolean);
  });
  return host;
}

/** A worker that starts and ends: it removes what killed workers left on the machine. */
export async function startOnce(t: Cleanup, db: Db, env: Record<string, string>): Promise<void> {
  const worker = startProcess(t, 'worker', 0, env);
  // On a busy machine others may have been killed while stopping; it removes their remains too.
  await until('one more worker has started, and nothing of the others is left', () =>
    db.first(sql`select from vidgen.process p
      where p.pid = ${worker.pid} and cardinality(p.queue_pools) = 4
        and not exists (select from vidgen.process o where o.id <> p.id)
        and not exists (select from vidgen.blob b where b.job_id is null)`),
  );
  worker.kill('SIGTERM');
  await worker.exited;
}
