import { faultOf } from '../../src/postgres/fault.ts';

/** The result of one check. `remedy` says what to do if it is not ok. */
export type Finding = {
  about: string;
  state: 'ok' | 'warning' | 'failure';
  found: string;
  remedy?: string;
};

/** Checks one thing. An exception is a failure. */
export type Check = {
  about: string;
  remedy: string;
  look(): Promise<Omit<Finding, 'about'> | string>;
};

/** Runs checks one after the other. A check that returns a string has succeeded. */
export async function* examine(checks: Check[]): AsyncGenerator<Finding> {
  for (const { about, remedy, look } of checks) {
    try {
      const found = await look();
      yield typeof found === 'string' ? { about, state: 'ok', found } : { about, ...found };
    } catch (error) {
      const fault = faultOf(error) ?? { found: (error as Error).message, remedy };
      yield { about, state: 'failure', ...fault };
    }
  }
}

export const warning = (found: string, remedy: string): Omit<Finding, 'about'> => ({
  state: 'warning',
  found,
  remedy,
});
