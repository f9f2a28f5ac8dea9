import type { Ended } from './child.ts';
import { type Command, type Run, runFfmpeg } from './ffmpeg.ts';

/** Two commands of one job that may run in one process. */
export type SharedRun = {
  /** The sound's, which waits until the picture's is here. */
  sound(command: Command, run: Run): Promise<Ended>;
  /** The picture's first one; its input is the second of the process. */
  picture(command: CommandWithInput, run: Run): Promise<Ended>;
};

/** A command whose only input has this number. */
export type CommandWithInput = (input: 0 | 1) => Command;

/**
 * Encodes picture and sound of a short job by one process: to start ffmpeg takes longer than either. Should that
 * process fail, each gets its own, and so its own fault. Both must be of the same job, since a file that takes a
 * decoder over reaches whatever its process has.
 */
export function createSharedRun(): SharedRun {
  let isOver = false;
  let sound: { command: Command; run: Run } | undefined;
  let begin: (ended: Promise<Ended>) => void = () => {};
  return {
    sound: (command, run) => {
      if (isOver) return runFfmpeg(command, run);
      sound = { command, run };
      return new Promise((resolve, reject) => {
        const abort = () => reject(run.signal.reason);
        if (run.signal.aborted) return abort();
        run.signal.addEventListener('abort', abort, { once: true });
        begin = resolve;
      });
    },
    picture: async (commandWith, run) => {
      const isFirst = !isOver;
      isOver = true;
      if (!isFirst || !sound) return runFfmpeg(commandWith(0), run);
      const both = runBoth(sound, { command: commandWith(1), run });
      const orAlone = (alone: () => Promise<Ended>) =>
        both.then((ended) => (ended.code === 0 ? ended : alone()), alone);
      const { command, run: soundRun } = sound;
      const soundEnded = orAlone(() => runFfmpeg(command, soundRun));
      // After an abort nobody waits for it.
      soundEnded.catch(() => {});
      begin(soundEnded);
      return orAlone(() => runFfmpeg(commandWith(0), run));
    },
  };
}

type Part = { command: Command; run: Run };

/** ffmpeg takes inputs and outputs in any order and counts each kind on its own. */
function runBoth(sound: Part, picture: Part): Promise<Ended> {
  const { onSeconds: _, ...run } = picture.run;
  return runFfmpeg([sound.command, picture.command], {
    ...run,
    verbosity: 'level+info',
    // An honest picture takes little of it. Whose fault it is shows when each is tried again.
    budget: sound.run.budget,
    limitSeconds: sound.run.limitSeconds + run.limitSeconds,
  });
}
