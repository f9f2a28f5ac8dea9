import { type Cleanup, inReverse } from '../support/database.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { createFleet, type Fleet, type Process, watchedForLong } from './fleet.ts';
import { type HeldFfmpeg, heldFfmpeg, type PoisonedFfmpeg, poisonedFfmpeg } from './inputs.ts';

/** One web process, and workers that follow one another: each serves until a test ends it. */
export type Relay = {
  fleet: Fleet;
  web: Process;
  client: ReturnType<Fleet['client']>;
  receiver: Receiver;
  held: HeldFfmpeg;
  poisoned: PoisonedFfmpeg;
  /** The worker that serves; where none does, a new one with this ffmpeg. */
  worker(ffmpeg?: HeldFfmpeg | PoisonedFfmpeg): Promise<Process>;
  /** One more worker, which serves from now on. */
  nextWorker(ffmpeg: HeldFfmpeg | PoisonedFfmpeg): Promise<Process>;
};

export async function startRelay(t: Cleanup): Promise<Relay> {
  const cleanup = inReverse(t);
  const receiver = await startReceiver();
  cleanup.after(() => receiver.close());
  const held = await heldFfmpeg(cleanup);
  const poisoned = await poisonedFfmpeg(cleanup);
  const fleet = await createFleet(cleanup, {
    env: { NODE_EXTRA_CA_CERTS: receiver.caFile, RENDER_CONCURRENCY: '3' },
  });
  const web = await fleet.web();
  await watchedForLong(fleet.db);
  let serving: Process | undefined;
  const nextWorker: Relay['nextWorker'] = async (ffmpeg) => {
    serving = await fleet.worker({ ...ffmpeg.env });
    return serving;
  };
  return {
    ...{ fleet, web, client: fleet.client(web), receiver, held, poisoned, nextWorker },
    worker: async (ffmpeg = held) =>
      serving && !serving.hasExited() ? serving : nextWorker(ffmpeg),
  };
}
