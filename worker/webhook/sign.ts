import { createHmac } from 'node:crypto';

/** One webhook to send: the same `id` and `body` on every attempt. */
export type Webhook = {
  url: string;
  id: string;
  body: Buffer;
  /** `whsec_…`, newest first. */
  secrets: readonly string[];
};

/** All the headers that we send. */
export const webhookHeaders = (
  webhook: Omit<Webhook, 'url'>,
  timestamp: Date,
): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'VidGen',
  ...signWebhook({ ...webhook, timestamp }),
});

/**
 * The headers that prove where a webhook comes from. `secrets` (`whsec_…`) has the newest first, followed by
 * the old one while it is being replaced. `webhook-signature` carries a signature by each,
 * `X-Webhook-Signature` only by the newest. Throws when there is no secret.
 */
export function signWebhook(o: {
  id: string;
  timestamp: Date;
  body: Buffer;
  secrets: readonly string[];
}): Record<string, string> {
  const [newest] = o.secrets;
  if (!newest) throw new Error('A webhook cannot be signed without a secret.');
  const timestamp = String(Math.floor(o.timestamp.getTime() / 1000));
  const standard = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${o.id}.${timestamp}.`)
      .update(o.body)
      .digest('base64');
  return {
    'x-webhook-signature': createHmac('sha256', newest).update(o.body).digest('hex'),
    'webhook-id': o.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': o.secrets.map((secret) => `v1,${standard(secret)}`).join(' '),
  };
}
