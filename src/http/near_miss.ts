/**
 * The known name that an unknown one probably meant. It is the same apart from case, `-` and `_`, or, if the
 * names are long enough, differs by one letter, or by two that do not include the first.
 */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  const given = bareName(name);
  if (given.length > 40) return undefined;
  const bare = bareNames.get(known) ?? known.map(bareName);
  bareNames.set(known, bare);
  const distances = known
    .map((one, n) => ({ one, bare: bare[n] as string }))
    // Cheap first: each start of a process compares its whole environment with all settings.
    .filter((each) => !isFar(given, each.bare))
    .map((each) => ({ ...each, letters: editDistance(given, each.bare) }));
  const [nearest] = distances.sort((a, b) => a.letters - b.letters);
  if (!nearest) return undefined;
  const shortest = Math.min(given.length, nearest.bare.length);
  const beginsRight = given[0] === nearest.bare[0];
  const allowed = shortest < 3 ? 0 : shortest < 6 || !beginsRight ? 1 : mostLetters;
  return nearest.letters <= allowed ? nearest.one : undefined;
}

/** Of lists of known names, each of which is searched many times. */
const bareNames = new WeakMap<readonly string[], string[]>();

/** Each letter of one that the other lacks must be changed or go. */
function isFar(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > mostLetters) return true;
  let lacking = 0;
  for (let i = 0; i < a.length && lacking <= mostLetters; i++)
    if (!b.includes(a[i] as string)) lacking += 1;
  return lacking > mostLetters;
}

const mostLetters = 2;

/** The name without the differences in spelling: `per_page`, `perPage` and `Per-Page` are equal. */
export const bareName = (name: string) => name.toLowerCase().replace(/[-_\s.[\]]/g, '');

/** The number of letters to insert, delete, replace or swap with a neighbour. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
