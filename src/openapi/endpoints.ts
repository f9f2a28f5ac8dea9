import type { Endpoint } from './endpoints/endpoint.ts';
import { jobActions } from './endpoints/job_actions.ts';
import { jobs } from './endpoints/jobs.ts';
import { getHealth, getReady, listTargets } from './endpoints/service.ts';
import { catchers, webhooks } from './endpoints/webhooks.ts';

/** Each is a section of the page, in this order. */
export const endpoints: Endpoint[] = [getHealth, ...jobs, ...jobActions, ...webhooks, listTargets];

/** In the document, but not among the page's sections: for probes, and for trying out webhooks. */
export const moreEndpoints: Endpoint[] = [getReady, ...catchers];

/** The endpoint of an operation. Throws where there is none. */
export function endpointOf(id: string): Endpoint {
  const found = endpoints.find((endpoint) => endpoint.id === id);
  if (!found) throw new Error(`There is no endpoint ${id}.`);
  return found;
}
