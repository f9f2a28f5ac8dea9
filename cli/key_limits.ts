import { OperatorError } from '../src/operator_error.ts';
import { call } from '../src/postgres/call.ts';
import { type Db, query } from '../src/postgres/db.ts';
import { UsageError } from './command.ts';

/** The options of `vidgen keys limits`, by the column of admin.api_keys that they set. */
const flags = {
  max_stored_bytes: 'stored-bytes',
  max_file_mb: 'file-mb',
  max_audio_minutes: 'audio-minutes',
} as const;
type Column = keyof typeof flags;
type Limits = Record<Column, number | null>;

export const limitOptions = Object.fromEntries(
  Object.values(flags).map((flag) => [flag, { type: 'string' as const }]),
);

/** Throws UsageError. */
export function limitsIn(options: Record<string, unknown>): Partial<Limits> {
  const given: Partial<Limits> = {};
  for (const [column, flag] of Object.entries(flags)) {
    const text = options[flag];
    if (text === undefined) continue;
    if (text !== 'service' && !/^\d{1,16}$/.test(String(text)))
      throw new UsageError(
        `--${flag} must be a whole number, or "service" for the limit of the service.`,
      );
    given[column as Column] = text === 'service' ? null : Number(text);
  }
  return given;
}

/** Sets what is given, keeps the rest, and returns what holds from now on. */
export async function setLimits(db: Db, name: string, given: Partial<Limits>): Promise<Limits> {
  const key = await db.first(
    query
      .selectFrom('admin.api_keys')
      .select(['max_stored_bytes', 'max_file_mb', 'max_audio_minutes'])
      .where('name', '=', name),
  );
  if (!key) throw new OperatorError(`There is no API key named "${name}".`);
  const stored = key.max_stored_bytes;
  const limits = { ...key, max_stored_bytes: stored === null ? null : Number(stored), ...given };
  if (Object.keys(given).length > 0) await call(db, 'admin.set_limits', { name, ...limits });
  return limits;
}

export function limitsText(limits: Limits): string {
  const word = (value: number | null, unit: string) =>
    value === null ? 'as the service' : `${value} ${unit}`;
  return [
    `Stored   ${word(limits.max_stored_bytes, 'bytes')}`,
    `A file   ${word(limits.max_file_mb, 'MB')}`,
    `Audio    ${word(limits.max_audio_minutes, 'minutes')}`,
  ].join('\n');
}
