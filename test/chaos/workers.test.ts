import { before, describe } from 'node:test';
import { suiteCleanup } from '../support/database.ts';
import { cancelled } from './cancelled.ts';
import { killed } from './killed.ts';
import { type Relay, startRelay } from './relay.ts';

// One file, so that they share a web process, and because the worker that one test leaves alive is the victim of the next.
describe('workers', () => {
  const cleanup = suiteCleanup();
  let relay: Relay;
  before(async () => {
    relay = await startRelay(cleanup);
  });

  describe('10.1 a job is cancelled while it is being rendered', () => cancelled(() => relay));
  describe('a worker is killed', () => killed(() => relay));
});
