import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { version } from '../process/version.ts';

/** What this process shows at GET /metrics. One registry, because `vidgen start` is web and worker. */
export const registry = new Registry();

let measuring = false;

/** Also collects memory, processor and event-loop lag, from the first call on. */
export function measureProcess(): void {
  if (measuring) return;
  measuring = true;
  collectDefaultMetrics({ register: registry });
  // Gauges whose names end like those of counters; the same numbers are there by type, without "_total".
  for (const name of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${name}_total`);
  new Gauge({
    name: 'vidgen_build_info',
    help: 'Always 1: the release of VidGen and of Node.js that this process runs.',
    labelNames: ['version', 'node'] as const,
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
}
