import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { authority, type Certificate } from './certificates.ts';

/** A request as received; the body's bytes are untouched. */
export type Received = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  at: number;
};

/** Answers a request, or leaves it hanging; `tcp` is the connection beneath TLS. */
export type Answer = (response: ServerResponse, request: Received, tcp: Socket) => void;

export const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

export const redirect = (location: string): Answer => answer(302, '', { location });

/** Never answers. */
export const hang: Answer = () => {};

/** Ends the connection with a TCP reset, without an answer. */
export const reset: Answer = (_response, _request, tcp) => {
  tcp.resetAndDestroy();
};

/** Answers a status at once, then a byte of the body now and then, without end. */
export const drip =
  (status: number, everyMs = 20): Answer =>
  (response) => {
    response.writeHead(status).flushHeaders();
    const timer = setInterval(() => response.write('.'), everyMs);
    response.once('close', () => clearInterval(timer));
  };

/** Answers a status and an endless body, as fast as it is read. */
export const huge =
  (status: number): Answer =>
  (response) => {
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    const pour = () => {
      while (!response.destroyed && response.write(megabyte));
    };
    response.writeHead(status).on('drain', pour);
    pour();
  };

export type Receiver = {
  /** `https://localhost:PORT/hook`, or the host given. */
  url: string;
  port: number;
  /** PEM to trust, and the same as a file for NODE_EXTRA_CA_CERTS. */
  ca: string;
  caFile: string;
  received: Received[];
  /** TCP connections so far, and those still open. */
  readonly connections: number;
  readonly open: number;
  /** The answers from now on, in turn; the last one repeats. */
  answers: Answer[];
  /** Resolves when at least this many requests have arrived. */
  until(count: number): Promise<void>;
  /** Resolves when no connection is open any more. */
  untilIdle(): Promise<void>;
  close(): Promise<void>;
};

let usual: Certificate | undefined;

/** One for all receivers of a process: making one starts a program twice. */
function usualCertificate(): Certificate {
  usual ??= authority().certify(['localhost', 'hook.test', '127.0.0.1', '::1']);
  return usual;
}

/**
 * A real HTTPS receiver on a free port of the loopback. Answers 200 unless told otherwise; its
 * certificate is good for localhost, hook.test, 127.0.0.1 and ::1. With `app` (say, of Express) that
 * answers instead, and `received` stays empty.
 */
export async function startReceiver(
  options: {
    host?: string;
    listen?: string;
    port?: number;
    certificate?: Certificate;
    app?: RequestListener;
  } = {},
): Promise<Receiver> {
  const { ca, caFile } = authority();
  const { key, cert } = options.certificate ?? usualCertificate();
  const received: Received[] = [];
  const events = new EventEmitter();
  const sockets = new Map<number | undefined, Socket>();
  let connections = 0;

  const record: RequestListener = async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const tcp = sockets.get(request.socket.remotePort);
    const body = await buffer(request).catch(() => null);
    if (!body || !tcp) return;
    const arrived = { method, path, headers, body, at: Date.now() };
    received.push(arrived);
    const next = receiver.answers.length > 1 ? receiver.answers.shift() : receiver.answers[0];
    next?.(response, arrived, tcp);
    events.emit('change');
  };

  const server = createServer({ key, cert }, options.app ?? record);
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.set(socket.remotePort, socket);
    const { remotePort } = socket;
    socket.once('close', () => {
      sockets.delete(remotePort);
      events.emit('change');
    });
  });
  server.on('tlsClientError', () => {}); // a client that hangs up is the client's affair
  await once(server.listen(options.port ?? 0, options.listen ?? '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  const until = async (met: () => boolean) => {
    const signal = AbortSignal.timeout(90_000);
    while (!met()) await once(events, 'change', { signal });
  };
  const receiver: Receiver = {
    url: `https://${options.host ?? 'localhost'}:${port}/hook`,
    port,
    ca,
    caFile,
    received,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    answers: [answer(200)],
    until: (count) => until(() => received.length >= count),
    untilIdle: () => until(() => sockets.size === 0),
    async close() {
      for (const socket of sockets.values()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
