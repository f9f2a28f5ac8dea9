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

/** Runs checks one after the other: a string means that all is well. */
export async function* examine(checks: Check[]): AsyncGenerator<Finding> {
  for (const { about, remedy, look } of checks) {
    try {
      const found = await look();
      yield typeof found === 'string' ? { about, state: 'ok', found } : { about, ...found };
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      // Nothing else can be said about what this user may not see.
      const forbidden = code === '42501' && 'Connect as the owner or as vidgen_worker.';
      yield { about, state: 'failure', found: message, remedy: forbidden || remedy };
    }
  }
}

export const warning = (found: string, remedy: string): Omit<Finding, 'about'> => ({
  state: 'warning',
  found,
  remedy,
});
