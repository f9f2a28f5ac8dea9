import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrate } from '../../src/postgres/migrate.ts';
import { createEmptyDatabase, inReverse } from '../support/database.ts';
import { databaseOn, onServer } from '../support/server.ts';
import { startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { databaseFindings } from './database_findings.ts';

test('twenty connections are enough for a deploy, with DATABASE_POOL_SIZE=1', async (t) => {
  const cleanup = inReverse(t);
  const { url, name } = await createEmptyDatabase(cleanup);
  const role = `${name}_small`;
  const superuser = databaseOn(url, 'postgres');
  await onServer(superuser, `create role ${role} login password 'x' connection limit 20`);
  await onServer(superuser, `alter database ${name} owner to ${role}`);
  cleanup.after(() =>
    onServer(
      url,
      `alter database ${name} owner to current_user; drop owned by ${role} cascade; drop role ${role}`,
    ),
  );
  const databaseUrl = Object.assign(new URL(url), { username: role, password: 'x' }).href;
  await migrate(databaseUrl);
  const env = { DATABASE_POOL_SIZE: '1', RENDER_CONCURRENCY: '2' };
  const connections = async () => {
    const found = await databaseFindings({ ...env, DATABASE_URL: databaseUrl });
    return found.get('Connections');
  };
  assert.match((await connections())?.found ?? '', /1 web and 1 worker take up to 8$/);

  // The new processes start while the old ones run.
  const services = [
    await startService(cleanup, { env, databaseUrl, worker: true }),
    await startService(cleanup, { env, databaseUrl, worker: true }),
  ] as const;
  const [first, second] = services;
  const inputs = await tinyInputs();
  await Promise.all(
    [first, second, first, second].map(async (service) => {
      const key = await first.createKey();
      const response = await service.submit(key, inputs);
      assert.equal(response.status, 201);
      const { jobId } = (await response.json()) as { jobId: string };
      const polls = await Promise.all(
        Array.from({ length: 20 }, () => service.call(`/api/status/${jobId}`, key)),
      );
      assert.deepEqual(new Set(polls.map(({ status }) => status)), new Set([200]));
      await service.until(key, jobId, 'COMPLETED');
    }),
  );
  const both = await connections();
  assert.equal(both?.state, 'warning');
  assert.match(both.found, /^\d+ of the 20 of \w+ are taken; .* take up to 16, twice/);
});
