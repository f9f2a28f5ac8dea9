import { startTestServer } from '../test/support/server.ts';
import type { Measurement } from './measurement.ts';
import { benchPast } from './past.ts';
import { benchWorkers } from './workers.ts';

/**
 * What more workers gain, what waiting and idling cost, and what a million past jobs change. Starts a
 * PostgreSQL and all the processes it needs; takes about a minute and a half, and 1.5 GB of disk.
 */
export async function benchScale(): Promise<Measurement[]> {
  const server = await startTestServer();
  try {
    const measured: Measurement[] = [];
    for (const measure of [benchWorkers, benchPast]) {
      const from = performance.now();
      measured.push(...(await measure(server)));
      console.error(`  ${measure.name}: ${Math.round((performance.now() - from) / 1_000)} s`);
    }
    return measured;
  } finally {
    await server.stop();
  }
}
