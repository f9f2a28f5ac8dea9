import { Hono } from 'hono';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { allTargets } from '../targets/list.ts';
import { sendTagged } from './send_json.ts';

export const targetsRoute = new Hono<AppEnv>();

targetsRoute.get('/targets', async (c) => {
  await admit(c, { needsKey: false });
  return sendTagged(c, JSON.stringify({ targets: allTargets() }));
});
