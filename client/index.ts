export type { ErrorCode } from './api.types.ts';
export {
  type Client,
  type ClientOptions,
  createClient,
  type Job,
  type JobList,
  type Targets,
} from './client.ts';
export { type ClientErrorCode, VidgenError } from './error.ts';
export type { FollowOptions, JobStatus } from './follow.ts';
export type { Source, Submission } from './submission.ts';
export { verifyWebhook } from './verify_webhook.ts';
