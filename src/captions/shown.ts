import type { Cue } from './cue.ts';

/** Everything that is shown between one change and the next. Never without cues. */
export type Shown = { fromMs: number; toMs: number; cues: Cue[] };

/** Nobody reads more at once. Of more cues, those that began last stay. */
const mostAtOnce = 4;

/** Splits overlapping cues into moments that do not overlap. `cues` are sorted by time. */
export function shownTogether(cues: Cue[]): Shown[] {
  const changes = [...new Set(cues.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))];
  changes.sort((a, b) => a - b);
  const moments: Shown[] = [];
  let showing: Cue[] = [];
  let next = 0;
  for (const [i, fromMs] of changes.entries()) {
    showing = showing.filter(({ toMs }) => toMs > fromMs);
    for (let cue = cues[next]; cue && cue.fromMs <= fromMs; cue = cues[++next]) showing.push(cue);
    showing = showing.slice(-mostAtOnce);
    const toMs = changes[i + 1];
    if (toMs !== undefined && showing.length > 0) moments.push({ fromMs, toMs, cues: showing });
  }
  return moments;
}
