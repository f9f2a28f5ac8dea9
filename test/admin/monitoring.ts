import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { requireExtracted, withoutExtracted } from '../support/extracted_program.ts';

const skip = withoutExtracted('promtool');

/** The files of monitoring/, judged by Prometheus' own tool and by what a service really shows. */
export function monitoringOf(scrape: () => Promise<string>): void {
  const judge = async (args: string[], input?: string) => {
    const promtool = await requireExtracted('promtool', 'prometheus');
    const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8', input });
    assert.equal(status, 0, `promtool ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout + stderr;
  };
  const read = (name: string) => readFileSync(join('monitoring', name), 'utf8');

  test('promtool has nothing to say against the metrics', { skip }, async () => {
    assert.equal(await judge(['check', 'metrics'], await scrape()), '');
  });

  test('the scrape example, the alerts and their own tests are right', { skip }, async () => {
    await judge(['check', 'config', 'monitoring/prometheus.yml']);
    await judge(['check', 'rules', '--lint-fatal', 'monitoring/alerts.yml']);
    await judge(['test', 'rules', 'monitoring/alerts.test.yml']);
  });

  test('each query of the dashboard is one', { skip }, async () => {
    const queries = [...read('grafana.json').matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
      ([, text = '']) => JSON.parse(text).replaceAll('$__rate_interval', '5m') as string,
    );
    assert.ok(queries.length > 25);
    const rules = queries.map((expr, i) => ({ record: `query:${i}`, expr }));
    const folder = mkdtempSync(join(tmpdir(), 'vidgen-monitoring-'));
    try {
      const file = join(folder, 'queries.yml');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      await judge(['check', 'rules', file]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('alerts and dashboard name just the metrics that there are', async () => {
    const shown = [...(await scrape()).matchAll(/^# TYPE (vidgen_\w+) (\w+)$/gm)];
    const named = new Set(
      `${read('alerts.yml')} ${read('grafana.json')}`.match(/\bvidgen_[a-z_]+\b/g) ?? [],
    );
    const series = (name: string, type: string) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
    const there = new Set(shown.flatMap(([, name = '', type = '']) => series(name, type)));
    assert.deepEqual(
      [...named].filter((name) => !there.has(name)),
      [],
    );
    const unseen = shown.filter(
      ([, name = '', type = '']) => !series(name, type).some((one) => named.has(one)),
    );
    assert.deepEqual(
      unseen.map(([, name]) => name),
      [],
    );
  });
}
