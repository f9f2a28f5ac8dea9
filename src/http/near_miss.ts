/**
 * The known name that was probably meant by an unknown one: the same but for case, `-` and `_`, or,
 * where names are long enough to tell, with a letter wrong, or two but not the first.
 */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  const given = bareName(name);
  if (given.length > 40) return undefined;
  const distances = known.map((one) => ({ one, letters: editDistance(given, bareName(one)) }));
  const [nearest] = distances.sort((a, b) => a.letters - b.letters);
  if (!nearest) return undefined;
  const shortest = Math.min(given.length, bareName(nearest.one).length);
  const beginsRight = given[0] === bareName(nearest.one)[0];
  const allowed = shortest < 3 ? 0 : shortest < 6 || !beginsRight ? 1 : 2;
  return nearest.letters <= allowed ? nearest.one : undefined;
}

/** A name without what spellings differ in: `per_page`, `perPage` and `Per-Page` are one. */
export const bareName = (name: string) => name.toLowerCase().replace(/[-_\s.[\]]/g, '');

/** Letters to insert, delete, replace or swap with their neighbour. */
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
