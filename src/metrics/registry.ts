import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { commit } from '../process/commit.ts';
import { version } from '../process/version.ts';

/** What this process shows at GET /metrics. One registry, because `vidgen start` is web and worker. */
export const registry = new Registry();

let measuring = false;

/** Also collects memory, processor and event-loop lag, from the first call on. */
export function measureProcess(): void {
  if (measuring) return;
  measuring = true;
  collectDefaultMetrics({ register: registry });
  // These gauges have names that end like counters'. The same numbers exist by type, without "_total".
  for (const name of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${name}_total`);
  let build: { version: string; commit: string; node: string } | undefined;
  new Gauge({
    name: 'vidgen_build_info',
    help: 'Always 1: the release of VidGen, its commit, and the Node.js that this process runs.',
    labelNames: ['version', 'commit', 'node'] as const,
    registers: [registry],
    // Not before it is asked for: in a checkout, git tells the commit.
    collect() {
      build ??= { version, commit: commit()?.hash ?? 'unknown', node: process.versions.node };
      this.set(build, 1);
    },
  });
}
