import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultPatience, type Patience, readBody } from './request_body.ts';

/** How much of an unwanted body is read, so that its client gets to read the answer. */
export type DrainCaps = {
  patience: Patience;
  /** Of one body. */
  bytes: number;
  ms: number;
  /** Of all bodies from one address in a minute. */
  bytesOfAddress: number;
};

const mebibyte = 1024 * 1024;

const defaultDrainCaps: DrainCaps = {
  patience: { ...defaultPatience, stallMs: 10_000 },
  bytes: 256 * mebibyte,
  ms: 30_000,
  bytesOfAddress: 1024 * mebibyte,
};

export type EarlyAnswerOptions = {
  drainCaps?: Partial<DrainCaps>;
  /** The address under which a request is counted; by default that of its socket. */
  addressOf?: (incoming: IncomingMessage) => string;
};

/** Whether the request has a body that has not fully arrived. */
export function isStillSending(incoming: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': transfer } = incoming.headers;
  return (
    (transfer !== undefined || Number(length ?? 0) > 0) && !incoming.complete && !incoming.destroyed
  );
}

/**
 * Returns what answers a client that is still sending. Many clients read an answer only after they have sent
 * everything, and lose it if the connection is reset before. So the complete answer goes out at once, with its
 * length, but the response *ends* (and the connection closes) only when the rest of the request has been read
 * and discarded, within the caps. `Connection: close` tells clients that stop sending after a refusal to use a
 * new connection for their next request: on this one it would be taken for the rest of the body.
 */
export function createEarlyAnswers(o: EarlyAnswerOptions = {}) {
  const caps = { ...defaultDrainCaps, ...o.drainCaps };
  const addressOf = o.addressOf ?? (({ socket }) => socket.remoteAddress ?? '');
  const drained = countByMinute();

  /** Reads the rest of the request; false when a cap was reached or the client has gone. */
  async function drain(incoming: IncomingMessage): Promise<boolean> {
    incoming.on('error', () => {});
    const address = addressOf(incoming);
    const inTime = AbortSignal.timeout(caps.ms);
    let bytes = 0;
    try {
      if (drained.of(address) > caps.bytesOfAddress) return false;
      for await (const chunk of readBody(incoming, caps.patience, inTime)) {
        bytes += chunk.length;
        if (bytes > caps.bytes || drained.add(address, chunk.length) > caps.bytesOfAddress)
          return false;
      }
      return true;
    } catch {
      return false;
    }
  }

  return async (
    response: Response,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> => {
    const body = Buffer.from(await response.arrayBuffer());
    // A body in the same packet as its headers is parsed after them, in the same turn.
    await new Promise((resolve) => setImmediate(resolve));
    outgoing.writeHead(response.status, {
      ...Object.fromEntries(response.headers),
      'content-length': body.length,
      ...(isStillSending(incoming) && { connection: 'close' }),
    });
    outgoing.flushHeaders();
    if (body.length > 0) await new Promise((written) => outgoing.write(body, written));
    if (!isStillSending(incoming) || (await drain(incoming))) outgoing.end();
    else outgoing.destroy();
  };
}

/** Counts that all begin again every minute. */
function countByMinute() {
  const counts = new Map<string, number>();
  let minute = 0;
  const current = () => {
    const now = Math.floor(performance.now() / 60_000);
    if (now !== minute) counts.clear();
    minute = now;
    return counts;
  };
  const of = (name: string) => current().get(name) ?? 0;
  return {
    of,
    /** Returns the new count. */
    add(name: string, more: number): number {
      const count = of(name) + more;
      counts.set(name, count);
      return count;
    },
  };
}
