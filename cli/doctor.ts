import type { Finding } from '../worker/machine/check.ts';
import type { Command } from './command.ts';
import { examineDatabase } from './doctor_database.ts';
import { examineMachine } from './doctor_machine.ts';
import { printJson } from './json_line.ts';

const marks = { ok: 'ok     ', warning: 'warning', failure: 'FAILURE' };

export const doctor: Command = {
  summary: 'check the installation and say how to fix what is wrong',
  help: `Usage: vidgen doctor [--json]

Checks Node.js, ffmpeg, fonts, the temporary folder, PostgreSQL, its rights, migrations, the storage, the clock, the
secrets, the workers and the public URL. Each line is ok, a warning or a FAILURE with what to do about it.
The exit status is 1 if there was a failure. Leaves nothing behind.

--json  A line of JSON for each.`,
  options: { json: { type: 'boolean' } },
  run: async ({ config, options: { json } }) => {
    let failed = false;
    const show = ({ about, state, found, remedy }: Finding) => {
      failed ||= state === 'failure';
      if (json) return printJson({ about, state, found, remedy });
      console.log(`${marks[state]}  ${about}: ${found}`);
      if (remedy) console.log(`         ${remedy}`);
    };
    for await (const finding of examineMachine(config)) show(finding);
    for await (const finding of examineDatabase(config)) show(finding);
    return failed ? 1 : 0;
  },
};
