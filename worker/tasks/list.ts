import type { TaskList } from 'graphile-worker';
import type { WorkerDeps } from '../deps.ts';
import { deliverWebhook } from './deliver_webhook.ts';
import { render } from './render.ts';
import { sealSecretsTask } from './seal_secrets.ts';
import { tidy } from './tidy.ts';

/**
 * Queue identifier → function. Rendering has slots of its own, so that no webhook can take them, and what
 * moves has others, so that no plain job waits behind an hour of it. Both go through one gate.
 */
export function renderTasks(deps: WorkerDeps): { plain: TaskList; moving: TaskList } {
  const task = render(deps);
  return { plain: { render: task }, moving: { render_moving: task } };
}

export const otherTasks = (deps: WorkerDeps): TaskList => ({
  deliver_webhook: deliverWebhook(deps),
  seal_secrets: sealSecretsTask(deps),
  tidy: tidy(deps),
});
