import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import pg from 'pg';
import { createDatabase, suiteCleanup } from '../support/database.ts';

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};

const pageSize = 100;

/**
 * The statements inside api.page_of_jobs as auto_explain reports them, with both the plan for the
 * actual values and the generic plan.
 */
describe('a page of a list, among 50,000 jobs', () => {
  const cleanup = suiteCleanup();
  let client: pg.Client;
  let plans: Plan[] = [];
  before(async () => {
    client = new pg.Client({ connectionString: (await createDatabase(cleanup)).url });
    await client.connect();
    cleanup.after(() => client.end());
    // One key with 37,500 jobs, 250 with 50; half are COMPLETED, one in 1,250 is CANCELLED.
    await client.query(`
      insert into vidgen.api_key (id, name, key_sha256, key_prefix, webhook_secret)
        select 'key' || k, 'key' || k, sha256(k::text::bytea), 'vg_', null from generate_series(0, 250) k;
      insert into vidgen.job (id, api_key_id, status, progress, share_token, error_message, finished_at)
        select 'c' || lpad(n::text, 24, '0'), 'key' || case when n % 4 = 0 then n / 4 % 250 + 1 else 0 end, status,
          case status when 'COMPLETED' then 100 else 0 end,
          case status when 'COMPLETED' then n::text end,
          case status when 'FAILED' then 'It failed.' end, now()
        from generate_series(1, 50000) n
        cross join lateral (select case when n % 1250 = 1 then 'CANCELLED'
          when n % 2 = 0 then 'COMPLETED' else 'FAILED' end as status) s;
      insert into vidgen.job (id, api_key_id) values ('c' || lpad('50001', 24, '0'), 'key0');
      analyze vidgen.job;
      load 'auto_explain';
      set auto_explain.log_min_duration = 0;
      set auto_explain.log_nested_statements = on;
      set auto_explain.log_analyze = on;
      set auto_explain.log_format = json;
      set auto_explain.log_level = notice`);
    client.on('notice', ({ message }) => {
      const [, json] = /plan:\s*(\{[\s\S]*\})/.exec(message ?? '') ?? [];
      if (json) plans.push((JSON.parse(json) as { Plan: Plan }).Plan);
    });
  });

  const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

  for (const mode of ['force_custom_plan', 'force_generic_plan']) {
    for (const status of [null, 'PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED']) {
      test(`${status ?? 'all'}, ${mode}: an index, no more rows than a page`, async () => {
        await client.query(`set plan_cache_mode = ${mode}`);
        for (const cursor of [null, `c${'25000'.padStart(24, '0')}`]) {
          for (const key of ['key0', 'key7']) {
            plans = [];
            await client.query(
              `select api.page_of_jobs($1, ${pageSize}, $2, $3, null, 'https://videos.example')`,
              [key, cursor, status],
            );
            const nodes = plans.flatMap(nodesOf);
            const scans = nodes.filter((node) => node['Relation Name'] === 'job');
            assert.ok(scans.length > 0, 'the plans were seen');
            for (const scan of scans) {
              assert.match(scan['Node Type'], /^Index (Only )?Scan$/);
              const read = scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0);
              assert.ok(read * scan['Actual Loops'] <= pageSize + 1, `${read} rows`);
            }
            for (const sort of nodes.filter((node) => node['Node Type'].includes('Sort')))
              assert.ok(sort['Actual Rows'] * sort['Actual Loops'] <= pageSize + 1);
          }
        }
      });
    }
  }
});
