import { iso6392TTo1 } from 'iso-639-2';

const THREE_LETTERS = new Map(Object.entries(iso6392TTo1).map(([three, two]) => [two, three]));

/**
 * A BCP 47 tag as MP4 has it: three letters of ISO 639-2/T for everybody, and the tag itself for players
 * that know `elng`, where region or script say more.
 */
export function languageOf(tag: string | undefined): { code: string; tag?: string } | undefined {
  if (!tag) return undefined;
  const [primary = ''] = tag.toLowerCase().split('-');
  const code = primary.length === 2 ? THREE_LETTERS.get(primary) : primary;
  return code?.length === 3 ? { code, tag } : undefined;
}
