const integer = { type: 'integer', minimum: 0 };
/** Headers of responses. */
export const componentHeaders = {
  RateLimitLimit: {
    description: 'Requests allowed per minute by the policy closest to its limit.',
    schema: integer,
  },
  RateLimitRemaining: { description: 'Requests left in the current window.', schema: integer },
  RateLimitReset: {
    description: 'Seconds until the limit resets.',
    schema: { type: 'integer', minimum: 1 },
  },
  RateLimitPolicy: {
    description: 'The policy in force, such as 600;w=60.',
    schema: { type: 'string' },
  },
  RequestId: { description: 'Identifies this request in our logs.', schema: { type: 'string' } },
  RetryAfter: {
    description: 'Seconds to wait before retrying.',
    schema: { type: 'integer', minimum: 1 },
  },
  PreferenceApplied: {
    description: '`wait=N`: the response was held for up to N seconds, until the job ended.',
    schema: { type: 'string' },
  },
  ETag: {
    description:
      'Send it back in If-None-Match: the answer is 304, without a body, while nothing has changed.',
    schema: { type: 'string' },
  },
  Location: { description: 'Path of the new job.', schema: { type: 'string' } },
  IdempotentReplayed: {
    description: 'true: the response repeats that of an earlier submission.',
    schema: { type: 'string', enum: ['true'] },
  },
};

const webhookHeader = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

/** What a receiver gets; the scheme is explained on the page. */
export const webhook = {
  operationId: 'jobEnded',
  summary: 'A job completed or failed',
  description:
    'Sent to the `webhookUrl` of a job when it completes or fails. Any `2xx` response counts as delivered; anything else is retried for about a day, except 410, which stops retries.',
  security: [],
  parameters: [
    webhookHeader(
      'X-Webhook-Signature',
      'Hex HMAC-SHA256 of the raw body, keyed with your webhook secret.',
    ),
    webhookHeader('webhook-id', 'Message id; the same on every retry.'),
    webhookHeader(
      'webhook-timestamp',
      'When this attempt was sent, as a Unix timestamp in seconds.',
    ),
    webhookHeader('webhook-signature', 'Standard Webhooks signature: v1,<base64>.'),
  ],
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/JobStatus' } } },
  },
  responses: {
    '2XX': { description: 'Received.' },
    410: { description: 'Stop retrying this message.' },
  },
};
