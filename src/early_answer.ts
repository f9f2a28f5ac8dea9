import type { IncomingMessage, ServerResponse } from 'node:http';

/** How much of an unwanted body is taken in so that the client gets to read its answer. */
export type DrainCaps = { totalMs: number; idleMs: number; bytes: number };

export const defaultDrainCaps: DrainCaps = {
  totalMs: 30_000,
  idleMs: 5_000,
  bytes: 256 * 1024 * 1024,
};

/** Whether the request has a body that has not arrived in full. */
export function isStillSending(incoming: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': transfer } = incoming.headers;
  return (
    (transfer !== undefined || Number(length ?? 0) > 0) && !incoming.complete && !incoming.destroyed
  );
}

/**
 * Answers a client that is still sending. Many clients look for an answer only when all is sent, and
 * lose it when the connection is reset before: so the whole answer goes out at once, with its
 * length, but the response *ends* (and the connection may close) only when the rest of the request
 * has been taken in and thrown away, within the caps.
 */
export async function answerEarly(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  caps: DrainCaps = defaultDrainCaps,
): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': body.length,
  });
  outgoing.flushHeaders();
  if (body.length > 0) outgoing.write(body);
  if (!isStillSending(incoming) || (await drain(incoming, caps))) outgoing.end();
  else outgoing.destroy();
}

/** Takes the rest of the request in; false when a cap was reached or the client has gone. */
function drain(incoming: IncomingMessage, caps: DrainCaps): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0;
    const settle = () => {
      clearTimeout(total);
      clearTimeout(idle);
      incoming.off('data', swallow);
      incoming.off('end', settle);
      incoming.off('close', settle);
      resolve(incoming.readableEnded);
    };
    const swallow = (chunk: Buffer) => {
      bytes += chunk.length;
      idle.refresh();
      if (bytes > caps.bytes) settle();
    };
    const total = setTimeout(settle, caps.totalMs);
    const idle = setTimeout(settle, caps.idleMs);
    incoming.on('data', swallow);
    incoming.on('end', settle);
    incoming.on('close', settle);
    incoming.on('error', () => {});
    incoming.resume();
  });
}
