import { publicErrors } from '../answered_errors.ts';
import { health, ready } from '../schemas/service.ts';
import { targetList } from '../schemas/targets.ts';
import { type Endpoint, unchanged } from './endpoint.ts';

export const getHealth: Endpoint = {
  id: 'getHealth',
  method: 'GET',
  path: '/api/health',
  access: 'public',
  summary: 'Health check',
  description:
    'Liveness probe. Returns `200 OK` when the API process is up. No authentication required.',
  response: { status: 200, description: 'The API process is up.', schema: health },
  errors: [],
};

export const getReady: Endpoint = {
  id: 'getReady',
  method: 'GET',
  path: '/api/ready',
  access: 'public',
  summary: 'Readiness check',
  description:
    'Readiness probe. Returns `200 OK` when the database is reachable and its schema is up to date. No authentication required.',
  response: { status: 200, description: 'The service is ready.', schema: ready },
  errors: [...publicErrors, 'migrations_pending'],
};

export const listTargets: Endpoint = {
  id: 'listTargets',
  method: 'GET',
  path: '/api/targets',
  access: 'public',
  summary: 'List targets',
  description:
    'The places that the option `target` knows: the options each sets, the rules that videos are checked against, and where each rule was read. No authentication required.',
  response: { status: 200, description: 'All targets.', schema: targetList },
  empty: unchanged,
  errors: publicErrors,
};
