import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { StartLink } from './start_link.ts';

/** Start options shared by the HTTP side and the worker, which run in one process or in two. */
export type ServiceOptions = {
  config: Config & { publicUrl: string };
  databaseUrl: string;
  log: Log;
  /** Set when a person reads what this process prints. */
  startLink?: StartLink;
  /** Called when it cannot continue: exit with a status that makes the host restart it. */
  onFatal(): void;
};
