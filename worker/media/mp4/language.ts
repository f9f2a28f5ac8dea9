import { iso6392 } from 'iso-639-2';

const threeLetters = new Map(
  iso6392.map((one) => [one.iso6391, one.iso6392T ?? one.iso6392B] as const),
);

/**
 * A BCP 47 tag in MP4 form: three letters of ISO 639-2/T for every player, and the tag itself, when region or
 * script say more, for players that read `elng`.
 */
export function languageOf(tag: string | undefined): { code: string; tag?: string } | undefined {
  if (!tag) return undefined;
  const [primary = ''] = tag.toLowerCase().split('-');
  const code = primary.length === 2 ? threeLetters.get(primary) : primary;
  return code?.length === 3 ? { code, tag } : undefined;
}
