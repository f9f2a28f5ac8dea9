import type { HttpBindings } from '@hono/node-server';
import type { Config } from '../config.ts';
import type { ApiError } from '../errors.ts';
import type { JobChanges } from '../jobs/job_changes.ts';
import type { Log } from '../log.ts';
import type { Db } from '../postgres/db.ts';
import type { BlobStore } from '../storage/blob_store.ts';

/** What the routes work with; entry files make it, tests make it with a database of their own. */
export type Deps = {
  config: Config & { publicUrl: string };
  db: Db;
  store: BlobStore;
  log: Log;
  changes: JobChanges;
  processId: number;
};

export type AppEnv = {
  /** `refusal`: the request is only to be refused, with this. */
  Bindings: Pick<HttpBindings, 'incoming'> & { refusal?: ApiError };
  Variables: Deps & { requestId: string };
};
