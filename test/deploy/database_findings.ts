import { examineDatabase } from '../../cli/doctor_database.ts';
import { loadConfig } from '../../src/config.ts';
import type { Finding } from '../../worker/machine/check.ts';
import { secretsKey } from '../support/server.ts';

/** What `vidgen doctor` finds of the database; for the machine it would render each time. */
export async function databaseFindings(
  settings: Record<string, string>,
): Promise<Map<string, Finding>> {
  const config = loadConfig({ ...process.env, SECRETS_KEY: secretsKey, ...settings });
  const found = new Map<string, Finding>();
  for await (const finding of examineDatabase(config)) found.set(finding.about, finding);
  return found;
}
