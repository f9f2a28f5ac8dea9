import type { TaskList } from 'graphile-worker';
import type { Config } from '../src/config.ts';
import type { Db } from '../src/db.ts';
import type { Log } from '../src/log.ts';
import type { Vault } from '../src/secrets.ts';
import type { BlobStore } from '../src/storage/blob_store.ts';
import { deliverWebhook } from './deliver_webhook.ts';
import { render } from './render.ts';
import { sealSecretsTask } from './seal_secrets.ts';
import { tidy } from './tidy.ts';

export type WorkerDeps = {
  config: Config & { publicUrl: string };
  db: Db;
  store: BlobStore;
  log: Log;
  processId: number;
  /** Opens the secrets that webhooks are signed with. */
  vault: Vault;
  ffmpeg: { ffmpegPath: string; ffprobePath: string };
  /** Aborts when a shutdown begins: what goes wrong from now on may be its doing. */
  draining: AbortSignal;
  /** Aborts when running jobs must be handed back: the grace of a shutdown is over, or `lost`. */
  stopping: AbortSignal;
  /** Aborts when this process was taken for dead: nothing it holds is its own any more. */
  lost: AbortSignal;
};

/** Queue identifier → function. Rendering has slots of its own, so that no webhook can take them. */
export const renderTasks = (deps: WorkerDeps): TaskList => ({ render: render(deps) });

export const otherTasks = (deps: WorkerDeps): TaskList => ({
  deliver_webhook: deliverWebhook(deps),
  seal_secrets: sealSecretsTask(deps),
  tidy: tidy(deps),
});
