import type { Db } from '../src/postgres/db.ts';
import type { Api } from './api_client.ts';
import { cpuOfPostgres } from './cpu.ts';
import { type RawConnection, type Request, rawConnection } from './raw_connection.ts';
import { at } from './statistics.ts';

export const connections = 32;
const clients = 1_000;
const roundMs = 1_500;

export type Load = {
  perSecond: number;
  p99: number;
  /** Milliseconds of CPU for each request. */
  cpu: { api: number; postgres: number };
};

/** Sends as many requests as are answered within a round, over 32 connections, of a thousand clients. */
export async function load(
  api: Api,
  db: Db,
  next: (n: number) => Request,
  expected = 200,
): Promise<Load> {
  const open = Array.from({ length: connections }, () => rawConnection(api.url));
  const all = await Promise.all(open);
  const times: number[] = [];
  const cpu = () => Promise.all([api.cpu(), cpuOfPostgres(db)]);
  const before = await cpu();
  const began = performance.now();
  let n = 0;
  const client = async (connection: RawConnection) => {
    while (performance.now() - began < roundMs) {
      const from = performance.now();
      const request = next(n);
      const headers = { ...request.headers, 'X-Test-Ip': ipOf(n++ % clients) };
      const status = await connection.send({ ...request, headers });
      if (status === 429) continue;
      if (status !== expected) throw new Error(`Answered with ${status}.`);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(all.map(client));
  const seconds = (performance.now() - began) / 1000;
  const [ofApi, ofPostgres] = (await cpu()).map(
    (used, i) => (1_000 * (used - (before[i] ?? 0))) / times.length,
  );
  for (const connection of all) connection.close();
  return {
    perSecond: times.length / seconds,
    p99: at(times, 0.99),
    cpu: { api: ofApi ?? 0, postgres: ofPostgres ?? 0 },
  };
}

export const ipOf = (n: number): string => `10.0.${n >> 8}.${n & 255}`;

export const best = (loads: Load[]): Load =>
  loads.reduce((one, other) => (other.perSecond > one.perSecond ? other : one));

export const cpuNote = ({ cpu }: Pick<Load, 'cpu'>): string =>
  `CPU ${cpu.api.toFixed(2)} ms in the API, ${cpu.postgres.toFixed(2)} ms in PostgreSQL`;
