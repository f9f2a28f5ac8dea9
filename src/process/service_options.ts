import type { Config } from '../config.ts';
import type { Log } from '../log.ts';

/** What the HTTP side and the worker are started with, in one process or in two. */
export type ServiceOptions = {
  config: Config & { publicUrl: string };
  databaseUrl: string;
  log: Log;
  /** It cannot go on: exit, with a status that makes the host start a new one. */
  onFatal(): void;
};
