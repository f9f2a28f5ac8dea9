import { ApiError } from '../errors.ts';
import { nearMiss } from '../http/near_miss.ts';
import {
  type GivenOptions,
  type Metadata,
  metadata as metadataSchema,
  optionNames,
  videoOptions,
} from '../video_options.ts';

/** Only what a caller asked for; metadata is null when there is none. */
export type Asked = { options: GivenOptions; metadata: Metadata | null };

/**
 * Reads options and metadata from the text fields of a form or the properties of a JSON body; ignores other
 * names. Text is trimmed, and a blank value counts as not given. Throws ApiError 400 that names the field,
 * the value and what is allowed.
 */
export function readOptions(fields: Record<string, unknown>): Asked {
  const given: Record<string, unknown> = {};
  for (const name of optionFields) {
    const value = Object.hasOwn(fields, name) ? plainValue(name, fields[name]) : undefined;
    if (value !== undefined && value !== null) given[name] = value;
  }
  const options = videoOptions.safeParse(given);
  if (!options.success) throw invalid(options.error.issues);
  const metadata = metadataSchema.safeParse(given.metadata);
  if (!metadata.success) throw invalid(metadata.error.issues, 'metadata');
  const named = optionNames.filter((name) => name in given);
  return {
    options: Object.fromEntries(named.map((name) => [name, options.data[name]])),
    metadata: metadata.data ?? null,
  };
}

/** In a form every field is text, whatever it represents. */
function plainValue(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim().replaceAll('\r\n', '\n');
  if (text === '') return undefined;
  if (name === 'loudness' && /^-\d+$/.test(text)) return Number(text);
  return name === 'metadata' ? parseMetadata(text) : text;
}

function parseMetadata(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // JSON.parse silently keeps the second of two equal names.
    const strings = text.match(/"(?:[^"\\]|\\.)*"/g)?.length ?? 0;
    const values = Object.values(Object(value));
    if (values.every((one) => typeof one === 'string') && strings > 2 * values.length)
      throw refused('metadata', 'metadata has a key twice. Give each key once.');
    return value;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw refused('metadata', 'metadata must be a JSON object, such as {"orderId":"17"}.');
  }
}

export const optionFields: string[] = [...optionNames, 'metadata'];

/**
 * Throws ApiError 400 when an unknown field is almost the name of a known one. It would be ignored, and the
 * video would not come out as requested.
 */
export function refuseNearMiss(name: string, known: readonly string[] = optionFields): void {
  const meant = known.includes(name) ? undefined : nearMiss(name, known);
  if (!meant) return;
  const message = `There is no field "${name}". Did you mean ${meant}?`;
  throw new ApiError(400, 'unknown_field', message, { extra: { field: name } });
}

type Issues = { path: PropertyKey[]; message: string }[];
const invalid = ([issue]: Issues, field = String(issue?.path[0])) =>
  refused(field, issue?.message ?? '');

const refused = (field: string, message: string) =>
  new ApiError(400, 'invalid_option', message, { extra: { field } });
