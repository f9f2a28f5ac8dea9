/**
 * The known name that an unknown one probably meant. It is the same apart from case, `-` and `_`, or, if the
 * names are long enough, differs by one letter, or by two that do not include the first.
 */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  const given = bareName(name);
  if (given.length > 40) return undefined;
  const distances = known
    // Cheap first: each start of a process compares its whole environment with all settings.
    .filter((one) => Math.abs(bareName(one).length - given.length) <= mostLetters)
    .map((one) => ({ one, letters: editDistance(given, bareName(one)) }));
  const [nearest] = distances.sort((a, b) => a.letters - b.letters);
  if (!nearest) return undefined;
  const shortest = Math.min(given.length, bareName(nearest.one).length);
  const beginsRight = given[0] === bareName(nearest.one)[0];
  const allowed = shortest < 3 ? 0 : shortest < 6 || !beginsRight ? 1 : mostLetters;
  return nearest.letters <= allowed ? nearest.one : undefined;
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
