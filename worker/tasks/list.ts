import type { TaskList } from 'graphile-worker';
import type { WorkerDeps } from '../deps.ts';
import { deliverWebhook } from './deliver_webhook.ts';
import { render } from './render.ts';
import { sealSecretsTask } from './seal_secrets.ts';
import { tidy } from './tidy.ts';

/** Queue identifier → function. Rendering has slots of its own, so that no webhook can take them. */
export const renderTasks = (deps: WorkerDeps): TaskList => ({ render: render(deps) });

export const otherTasks = (deps: WorkerDeps): TaskList => ({
  deliver_webhook: deliverWebhook(deps),
  seal_secrets: sealSecretsTask(deps),
  tidy: tidy(deps),
});
