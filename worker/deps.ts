import type { Config } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import type { Db } from '../src/postgres/db.ts';
import type { Vault } from '../src/secrets/vault.ts';
import type { BlobStore } from '../src/storage/blob_store.ts';
import type { Box } from './media/box/box.ts';

/** What the tasks depend on; `startWorker` creates it. */
export type WorkerDeps = {
  config: Config & { publicUrl: string };
  db: Db;
  store: BlobStore;
  log: Log;
  processId: number;
  /** Opens the secrets that sign webhooks. */
  vault: Vault;
  ffmpeg: { ffmpegPath: string; ffprobePath: string };
  box: Box;
  /** For the jobs that are being rendered, or whose files are fetched: asks whether this process still holds them. */
  checks: Map<string, () => Promise<void>>;
  /** Whether this machine can render at all; while it cannot, it takes no jobs. Ask it after a failure. */
  isWell(): Promise<boolean>;
  /** Aborts when a shutdown begins: failures from now on may be caused by it. */
  draining: AbortSignal;
  /** Aborts when running jobs must be handed back: the shutdown's grace is over, or `lost`. */
  stopping: AbortSignal;
  /** Aborts when this process was taken for dead: it owns nothing that it holds any more. */
  lost: AbortSignal;
};
