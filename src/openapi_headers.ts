const integer = { type: 'integer', minimum: 0 };
/** Headers of responses. */
export const componentHeaders = {
  RateLimitLimit: {
    description: 'Requests a minute, of the policy that has less left.',
    schema: integer,
  },
  RateLimitRemaining: { description: 'How many of them are left.', schema: integer },
  RateLimitReset: {
    description: 'Seconds until all are there again.',
    schema: { type: 'integer', minimum: 1 },
  },
  RateLimitPolicy: { description: 'The policy, such as 600;w=60.', schema: { type: 'string' } },
  RequestId: { description: 'Names this request in our logs.', schema: { type: 'string' } },
  RetryAfter: {
    description: 'Seconds to wait before the next try.',
    schema: { type: 'integer', minimum: 1 },
  },
  IdempotentReplayed: {
    description: 'true: this is the answer to an earlier submission.',
    schema: { const: 'true' },
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
    'Sent to the webhookUrl of a job when it is COMPLETED or FAILED. Any 2xx answer is success; everything else is tried again for about a day, except 410, which stops it.',
  security: [],
  parameters: [
    webhookHeader(
      'X-Webhook-Signature',
      'Hex HMAC-SHA256 of the raw body, keyed with your webhook secret.',
    ),
    webhookHeader('webhook-id', 'The same on every try of one message.'),
    webhookHeader('webhook-timestamp', 'When this try was sent, in seconds since 1970.'),
    webhookHeader('webhook-signature', 'The signature of Standard Webhooks: v1,<base64>.'),
  ],
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/JobStatus' } } },
  },
  responses: {
    '2XX': { description: 'Received.' },
    410: { description: 'Do not send this message again.' },
  },
};
