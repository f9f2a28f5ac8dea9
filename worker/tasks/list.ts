import type { TaskList } from 'graphile-worker';
import type { WorkerDeps } from '../deps.ts';
import { deliverWebhook } from './deliver_webhook.ts';
import { fetchInput } from './fetch_input.ts';
import { render } from './render.ts';
import { sealSecretsTask } from './seal_secrets.ts';
import { tidy } from './tidy.ts';

/**
 * Queue identifier → function. Rendering has its own slots, so that webhooks cannot take them. Moving videos
 * have separate ones, so that no plain job waits an hour behind one. Both go through one gate.
 */
export function renderTasks(deps: WorkerDeps): { plain: TaskList; moving: TaskList } {
  const task = render(deps);
  return { plain: { render: task }, moving: { render_moving: task } };
}

/** With slots of its own: servers that answer slowly keep neither renders nor webhooks waiting. */
export const fetchTasks = (deps: WorkerDeps): TaskList => ({ fetch_input: fetchInput(deps) });

export const otherTasks = (deps: WorkerDeps): TaskList => ({
  deliver_webhook: deliverWebhook(deps),
  seal_secrets: sealSecretsTask(deps),
  tidy: tidy(deps),
});
