import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../../src/postgres/db.ts';
import type { Random } from '../../support/random.ts';
import type { OwnPostgres } from '../own_postgres.ts';
import type { Host, Place } from './host.ts';

/** Disturbs the service until told to stop, then undoes what can be undone. Counts its disturbances. */
export function startMonkey(o: { host: Host; postgres: OwnPostgres; db: Db; random: Random }) {
  const { host, postgres, db, random } = o;
  const done: Record<string, number> = {};
  const mending = new Set<Promise<void>>();
  const calm = new AbortController();

  const place = (kind?: Place['kind']) =>
    random.pick(host.places.filter((each) => !kind || each.kind === kind));
  /** Repairs it after a while, or at once when the run is over. */
  const mendAfter = (seconds: number, mend: () => unknown) => {
    const mended = delay(seconds * 1_000, undefined, { signal: calm.signal })
      .catch(() => {})
      .then(async () => void (await mend()))
      .finally(() => mending.delete(mended));
    mending.add(mended);
  };
  const signal = (kind: Place['kind'], name: NodeJS.Signals) => () =>
    place(kind).process.kill(name);
  const stopFor = (kind: Place['kind'], most: number) => () => {
    const { process } = place(kind);
    process.kill('SIGSTOP');
    mendAfter(random.between(0.5, most), () => process.kill('SIGCONT'));
  };
  const databaseAway = (mode: 'fast' | 'immediate', most: number) => async () => {
    try {
      await postgres.stop(mode);
      await delay(random.between(0, most * 1_000));
    } finally {
      await postgres.start();
    }
  };

  const deeds: [name: string, weight: number, deed: () => unknown][] = [
    ['worker SIGKILL', 5, signal('worker', 'SIGKILL')],
    ['worker SIGTERM', 4, signal('worker', 'SIGTERM')],
    ['worker SIGSTOP', 3, stopFor('worker', 20)],
    ['web SIGKILL', 3, signal('web', 'SIGKILL')],
    ['web SIGTERM', 2, signal('web', 'SIGTERM')],
    ['web SIGSTOP', 1, stopFor('web', 18)],
    ['Postgres restart, immediate', 1, databaseAway('immediate', 0)],
    ['Postgres away', 1, databaseAway('fast', 6)],
    [
      'connections terminated',
      4,
      () =>
        db.run(sql`
          select pg_terminate_backend(pid) from (
            select pid from pg_stat_activity where application_name like 'vidgen %' order by random() limit 2) some`),
    ],
    [
      'network silent',
      3,
      () => {
        const { proxy } = place();
        proxy.silence();
        mendAfter(random.between(2, 18), proxy.speak);
      },
    ],
  ];
  const bag = deeds.flatMap(([name, weight, deed]) => Array(weight).fill({ name, deed }));

  const rampage = (async () => {
    while (!calm.signal.aborted) {
      await delay(random.between(300, 3_500), undefined, { signal: calm.signal }).catch(() => {});
      if (calm.signal.aborted) break;
      const { name, deed } = random.pick(bag);
      done[name] = (done[name] ?? 0) + 1;
      try {
        await deed();
      } catch {
        // The database was away at that moment.
      }
    }
  })();

  return {
    done,
    stop: async () => {
      calm.abort();
      await rampage;
      await Promise.all(mending);
    },
  };
}
