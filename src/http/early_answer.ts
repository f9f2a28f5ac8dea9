import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultPatience, type Patience, readBody } from './request_body.ts';

/** How much of an unwanted body is read so that the client gets to read its answer. */
export type DrainCaps = { patience: Patience; bytes: number };

/**
 * The same minimum speed as for accepted uploads. Otherwise slow clients would lose the answer that tells
 * them what is wrong.
 */
const defaultDrainCaps: DrainCaps = {
  patience: { ...defaultPatience, stallMs: 10_000 },
  bytes: 512 * 1024 * 1024,
};

/** Whether the request has a body that has not fully arrived. */
export function isStillSending(incoming: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': transfer } = incoming.headers;
  return (
    (transfer !== undefined || Number(length ?? 0) > 0) && !incoming.complete && !incoming.destroyed
  );
}

/**
 * Answers a client that is still sending. Many clients read an answer only after they have sent everything,
 * and lose it if the connection is reset before. So the complete answer goes out at once, with its length,
 * but the response *ends* (and the connection closes) only when the rest of the request has been read and
 * discarded, within the caps. `Connection: close` tells clients that stop sending after a refusal to use a
 * new connection for their next request: on this one it would be taken for the rest of the body.
 */
export async function answerEarly(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  caps: DrainCaps = defaultDrainCaps,
): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  // A body in the same packet as its headers is parsed after them, in the same turn.
  await new Promise((resolve) => setImmediate(resolve));
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': body.length,
    ...(isStillSending(incoming) && { connection: 'close' }),
  });
  outgoing.flushHeaders();
  if (body.length > 0) outgoing.write(body);
  if (!isStillSending(incoming) || (await drain(incoming, caps))) outgoing.end();
  else outgoing.destroy();
}

/** Reads the rest of the request; false when a cap was reached or the client has gone. */
async function drain(incoming: IncomingMessage, caps: DrainCaps): Promise<boolean> {
  incoming.on('error', () => {});
  let bytes = 0;
  try {
    for await (const chunk of readBody(incoming, caps.patience)) {
      bytes += chunk.length;
      if (bytes > caps.bytes) return false;
    }
    return true;
  } catch {
    return false;
  }
}
