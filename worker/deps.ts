import type { Config } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import type { Db } from '../src/postgres/db.ts';
import type { Vault } from '../src/secrets.ts';
import type { BlobStore } from '../src/storage/blob_store.ts';
import type { Box } from './media/box/box.ts';

/** What the tasks work with; `startWorker` makes it. */
export type WorkerDeps = {
  config: Config & { publicUrl: string };
  db: Db;
  store: BlobStore;
  log: Log;
  processId: number;
  /** Opens the secrets that webhooks are signed with. */
  vault: Vault;
  ffmpeg: { ffmpegPath: string; ffprobePath: string };
  box: Box;
  /** Aborts when a shutdown begins: what goes wrong from now on may be its doing. */
  draining: AbortSignal;
  /** Aborts when running jobs must be handed back: the grace of a shutdown is over, or `lost`. */
  stopping: AbortSignal;
  /** Aborts when this process was taken for dead: nothing it holds is its own any more. */
  lost: AbortSignal;
};
