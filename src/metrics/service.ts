import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Gauge } from 'prom-client';
import { call } from '../postgres/call.ts';
import type { Db } from '../postgres/db.ts';
import { registry } from './registry.ts';

// What every process reads from the same database for each scrape.
const registers = [registry];
const shared = ' The same in all processes: take the max, not the sum.';

const ofTask = (name: string, help: string) =>
  new Gauge({ name, help: help + shared, labelNames: ['task'] as const, registers });
const ofService = (name: string, help: string) =>
  new Gauge({ name, help: help + shared, registers });

const queueWaiting = ofTask('vidgen_queue_waiting', 'Tasks that are waiting, by task.');
const queueRunning = ofTask('vidgen_queue_running', 'Tasks that are running, by task.');
const queueOldest = ofTask(
  'vidgen_queue_oldest_seconds',
  'How long the oldest waiting task has waited, by task.',
);
const workersAlive = ofService('vidgen_workers_alive', 'Worker processes with a fresh heartbeat.');
const paused = ofService(
  'vidgen_paused_seconds',
  'How long rendering has been paused; 0 when not.',
);
const storedBytes = ofService('vidgen_stored_bytes', 'Bytes of the files of all jobs.');
const storedBytesMax = ofService(
  'vidgen_stored_bytes_max',
  'MAX_STORED_BYTES, where submissions are refused; missing when there is no limit.',
);
const databaseBytes = ofService(
  'vidgen_database_bytes',
  'Size of the database, with the files that are stored in it.',
);
const deadRows = ofService(
  'vidgen_database_dead_rows',
  'Rows that were deleted or replaced and that vacuum has not removed yet.',
);
const oldestSnapshot = ofService(
  'vidgen_database_oldest_snapshot_seconds',
  'Age of the oldest transaction that keeps dead rows from being removed; 0 when there is none.',
);
const lastTidy = ofService(
  'vidgen_last_tidy_timestamp_seconds',
  'When retention and repairs last ran to their end: once a minute.',
);
const queueGauges = [queueWaiting, queueRunning, queueOldest];
const serviceGauges = [
  ...[workersAlive, paused, storedBytes, storedBytesMax, databaseBytes],
  ...[deadRows, oldestSnapshot, lastTidy],
];

const databaseUp = new Gauge({
  name: 'vidgen_database_up',
  help: '1 when PostgreSQL has answered this process for this scrape; otherwise what is read from it is missing.',
  registers,
});
const temporaryFree = new Gauge({
  name: 'vidgen_temporary_free_bytes',
  help: 'Room for temporary files of this process, in TMPDIR.',
  registers,
});

/** Sets the gauges for a scrape. Never rejects. */
export async function measureService(db: Db, maxStoredBytes: number | undefined): Promise<void> {
  for (const gauge of queueGauges) gauge.reset();
  // Unlike a reset, this leaves no 0 behind.
  for (const gauge of serviceGauges) gauge.remove();
  if (maxStoredBytes !== undefined) storedBytesMax.set(maxStoredBytes);
  await Promise.all([measureDatabase(db), measureDisk()]);
}

async function measureDatabase(db: Db): Promise<void> {
  try {
    for (const { task, waiting, running, oldest_seconds } of await call(db, 'measure_queue')) {
      queueWaiting.set({ task }, waiting);
      queueRunning.set({ task }, running);
      queueOldest.set({ task }, oldest_seconds);
    }
    const measured = await call(db, 'measure_service');
    workersAlive.set(measured.workers_alive);
    paused.set(measured.paused_seconds ?? 0);
    storedBytes.set(Number(measured.stored_bytes));
    databaseBytes.set(Number(measured.database_bytes));
    deadRows.set(Number(measured.dead_rows));
    oldestSnapshot.set(measured.oldest_snapshot_seconds ?? 0);
    lastTidy.set((measured.last_tidy_at?.getTime() ?? 0) / 1_000);
    databaseUp.set(1);
  } catch {
    databaseUp.set(0);
  }
}

async function measureDisk(): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir()).catch(() => ({ bavail: 0, bsize: 0 }));
  temporaryFree.set(bavail * bsize);
}
