import { targetNames } from '../video_options.ts';
import { titleOf, wantedBy } from './check.ts';
import { type Source, sources } from './sources.ts';
import { targets } from './targets.ts';

/** The table of targets as callers get it. */
export function allTargets() {
  return targetNames.map((name) => {
    const { title, options, limits, advice } = targets[name];
    return {
      ...{ name, title, options },
      rules: limits.map((limit) => ({
        rule: limit.rule,
        title: titleOf(limit.rule),
        wanted: wantedBy(limit),
        least: limit.least ?? null,
        most: limit.most ?? null,
        source: sources[limit.source] as Source,
      })),
      advice: advice.map(({ text, source }) => ({ text, source: sources[source] as Source })),
    };
  });
}
