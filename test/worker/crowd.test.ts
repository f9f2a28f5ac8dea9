import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submitAtOnce, untilServed } from '../chaos/crowd.ts';
import { createFleet } from '../chaos/fleet.ts';

test('eight keys submit at once: two workers serve all of them in the order of arrival', async (t) => {
  const fleet = await createFleet(t);
  await submitAtOnce(fleet, await fleet.web(), 8);
  await Promise.all([fleet.worker(), fleet.worker()]);
  const { statuses, overtaken } = await untilServed(fleet);
  assert.deepEqual(statuses, { COMPLETED: 8 });
  assert.ok(overtaken <= 2, `a job was overtaken by ${overtaken}`);
});
