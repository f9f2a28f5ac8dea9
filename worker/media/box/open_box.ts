import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OperatorError } from '../../../src/operator_error.ts';
import type { Box } from './box.ts';
import { carriedProgram, findProgram } from './find_program.ts';
import { helped } from './helper.ts';
import { limited, noBox } from './limits.ts';
import { namespaced, namespacesWork } from './namespaces.ts';

const run = promisify(execFile);

/**
 * The strongest box that this machine offers.
 *
 * @throws OperatorError when it is `required` and decoders could still reach other files
 */
export async function openBox(
  wanted: 'auto' | 'required' | 'off',
  found: Found = { helper: carriedProgram('box'), bubblewrap: findProgram('bwrap') },
): Promise<Box> {
  if (wanted === 'off') return noBox;
  const box = await strongest(found);
  if (wanted === 'required' && !['landlock', 'bubblewrap'].includes(box.level)) {
    throw new OperatorError(`SANDBOX=required, but there is only "${box.level}": ${box.reason}`);
  }
  return box;
}

type Found = { helper: string | undefined; bubblewrap: string | undefined };

async function strongest({ helper, bubblewrap }: Found): Promise<Box> {
  const level = helper && (await levelOf(helper));
  if (level === 'landlock') return helped(helper ?? '', level, 'Linux with Landlock');
  if (bubblewrap && (await namespacesWork(bubblewrap))) return namespaced(bubblewrap);
  if (level === 'seccomp') {
    return helped(helper ?? '', level, 'This kernel has no Landlock: use Linux 5.13 or newer.');
  }
  const why = helper
    ? 'This kernel refuses both Landlock and seccomp filters.'
    : 'The helper was not built: install a C compiler (apt-get install gcc libc6-dev) and start again, or install bubblewrap.';
  return limited('limits only', why);
}

const levelOf = (helper: string): Promise<string | undefined> =>
  run(helper, ['--level']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
