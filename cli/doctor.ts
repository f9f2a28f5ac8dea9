import type { Command } from './command.ts';
import { examineDatabase } from './doctor_database.ts';
import { examineMachine } from './doctor_machine.ts';

/** What one look found. `remedy` says what to do about what is not ok. */
export type Finding = {
  about: string;
  state: 'ok' | 'warning' | 'failure';
  found: string;
  remedy?: string;
};

/** A look at one thing. What it throws is a failure. */
export type Check = {
  about: string;
  remedy: string;
  look(): Promise<Omit<Finding, 'about'> | string>;
};

/** Runs checks one after the other: a string means that all is well. */
export async function* examine(checks: Check[]): AsyncGenerator<Finding> {
  for (const { about, remedy, look } of checks) {
    try {
      const found = await look();
      yield typeof found === 'string' ? { about, state: 'ok', found } : { about, ...found };
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      // Nothing else can be told about what this user may not look at.
      const forbidden = code === '42501' && 'Connect as the owner or a member of vidgen_app.';
      yield { about, state: 'failure', found: message, remedy: forbidden || remedy };
    }
  }
}

export const warning = (found: string, remedy: string): Omit<Finding, 'about'> => ({
  state: 'warning',
  found,
  remedy,
});

const marks = { ok: 'ok     ', warning: 'warning', failure: 'FAILURE' };

export const doctor: Command = {
  summary: 'check the installation and say how to fix what is wrong',
  help: `Usage: vidgen doctor [--json]

Checks Node.js, ffmpeg, the temporary folder, PostgreSQL, its rights, migrations, the storage, the clock, the
secrets, the workers and the public URL. Each line is ok, a warning or a FAILURE with what to do about it.
The exit status is 1 if there was a failure. Leaves nothing behind.

--json  A line of JSON for each.`,
  options: { json: { type: 'boolean' } },
  run: async ({ config, options: { json } }) => {
    let failed = false;
    const show = ({ about, state, found, remedy }: Finding) => {
      failed ||= state === 'failure';
      if (json) return console.log(JSON.stringify({ about, state, found, remedy }));
      console.log(`${marks[state]}  ${about}: ${found}`);
      if (remedy) console.log(`         ${remedy}`);
    };
    for await (const finding of examineMachine(config)) show(finding);
    for await (const finding of examineDatabase(config)) show(finding);
    return failed ? 1 : 0;
  },
};
