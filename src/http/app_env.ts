import type { HttpBindings } from '@hono/node-server';
import type { Config } from '../config.ts';
import type { ApiError } from '../errors.ts';
import type { Followers } from '../jobs/followers.ts';
import type { JobChanges } from '../jobs/job_changes.ts';
import type { Log } from '../log.ts';
import type { Db } from '../postgres/db.ts';
import type { OperatorDb } from '../postgres/operator_db.ts';
import type { StartLink } from '../process/start_link.ts';
import type { BlobStore } from '../storage/blob_store.ts';
import type { Uploads } from '../upload/uploads.ts';
import type { RequestIds } from './request_ids.ts';

/** What the routes depend on. Entry files create it; tests create it with their own database. */
export type Deps = {
  config: Config & { publicUrl: string };
  db: Db;
  /** Reads the schema admin, for the page of operators. */
  operatorDb: OperatorDb;
  store: BlobStore;
  log: Log;
  changes: JobChanges;
  processId: number;
  startLink?: StartLink;
};

export type AppEnv = {
  /** `refusal` is the error with which the request must be refused before any route sees it. */
  Bindings: Pick<HttpBindings, 'incoming'> & { refusal?: ApiError };
  Variables: Deps & {
    requestId: string;
    /** What each log line about the request says: its own id, and its caller's. */
    ids: RequestIds;
    /** The name of the API key, once the key is known. */
    keyName?: string;
    uploads: Uploads;
    followers: Followers;
  };
};
