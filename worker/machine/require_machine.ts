import type { Config } from '../../src/config.ts';
import { OperatorError } from '../../src/operator_error.ts';
import { examine } from './check.ts';
import { ownFonts, rendering, temporaryFolder } from './checks.ts';

/**
 * A worker that cannot render would take jobs from those that can.
 *
 * @throws OperatorError with a line for each reason why this machine cannot
 */
export async function requireMachine(config: Config): Promise<void> {
  const faults: string[] = [];
  for await (const { about, state, found, remedy } of examine([
    temporaryFolder,
    ownFonts,
    rendering(config),
  ]))
    if (state === 'failure') faults.push(`${about}: ${found} ${remedy}`);
  if (faults.length > 0)
    throw new OperatorError(`This machine cannot render.\n${faults.join('\n')}`);
}
