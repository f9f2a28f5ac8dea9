import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleanup } from '../support/database.ts';

export type Fault = {
  /** The beginning of the request line, such as "GET /api/status". */
  at: string | RegExp;
  /** How many requests it affects; default 1. */
  times?: number;
  /** Answers instead of the service. */
  answer?: { status: number; headers?: Record<string, string>; body?: string };
  /** Breaks the connection after this many bytes of the answer's body. */
  cutAfter?: number;
};

export type UnreliableProxy = {
  url: string;
  /** The port of the service behind it. */
  target: number;
  /** What happens to the next requests that they fit. */
  faults: Fault[];
  seen: { line: string; headers: IncomingHttpHeaders }[];
};

/** A proxy in front of a service that applies `faults` to some requests. */
export async function startProxy(t: Cleanup): Promise<UnreliableProxy> {
  const proxy: UnreliableProxy = { url: '', target: 0, faults: [], seen: [] };
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    proxy.seen.push({ line, headers: incoming.headers });
    const fault = proxy.faults.find(({ at, times = 1 }) => times > 0 && fits(at, line));
    if (fault) fault.times = (fault.times ?? 1) - 1;
    if (!fault?.answer) return forward(proxy.target, incoming, outgoing, fault?.cutAfter);
    const { status, headers, body } = fault.answer;
    incoming.resume().on('end', () => outgoing.writeHead(status, headers).end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

const fits = (at: string | RegExp, line: string) =>
  typeof at === 'string' ? line.startsWith(at) : at.test(line);

function forward(
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  cutAfter = Number.POSITIVE_INFINITY,
): void {
  const { method, url: path, headers } = incoming;
  const asked = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    if (cutAfter === 0) return outgoing.destroy();
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    let left = cutAfter;
    answer.on('data', (piece: Buffer) => {
      const part = piece.subarray(0, left);
      left -= part.length;
      outgoing.write(part, () => left === 0 && outgoing.destroy());
    });
    answer.on('end', () => left > 0 && outgoing.end());
    answer.on('error', () => outgoing.destroy());
  });
  asked.on('error', () => outgoing.destroy());
  outgoing.on('close', () => asked.destroy());
  incoming.pipe(asked);
}
