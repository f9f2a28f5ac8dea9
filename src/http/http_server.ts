import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import { type ApiError, toApiError } from '../errors.ts';
import { OperatorError } from '../operator_error.ts';
import { createEarlyAnswers, type EarlyAnswerOptions, isStillSending } from './early_answer.ts';
import { gracefulClose } from './graceful_close.ts';
import {
  badRequest,
  errorResponse,
  expectationFailed,
  type Refuse,
  refuseUnparsable,
} from './refusals.ts';

const maxHeaderBytes = 32 * 1024;
/** Connections that may wait to be accepted: enough for a burst of a thousand streams. */
const backlog = 2_048;

export type HttpServerOptions = EarlyAnswerOptions & {
  /** 0: any free port. */
  port: number;
  /** The name of the setting that the port came from. */
  portSetting?: string;
  hostname?: string;
  headersTimeoutMs?: number;
  /** A path such as /vidgen, which a proxy may leave in front of the paths of requests. */
  prefix?: string;
  /** Writes the answers to requests that never reach the app. */
  refuse?: Refuse;
};

export type HttpServer = {
  url: string;
  port: number;
  /** Stops accepting requests and lets running ones finish, for at most this long (10 s). */
  close(graceMs?: number): Promise<void>;
};

/** Serves the app over HTTP with limits, early answers, and JSON errors for invalid HTTP. */
export async function startHttpServer<Env extends { Bindings: Pick<HttpBindings, 'incoming'> }>(
  app: Hono<Env>,
  options: HttpServerOptions,
): Promise<HttpServer> {
  const answerEarly = createEarlyAnswers(options);
  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as HttpBindings;
      const response = await app.fetch(request, env as Env['Bindings']);
      if (incoming.method === 'GET' || incoming.method === 'HEAD' || !isStillSending(incoming))
        return response;
      await answerEarly(response, incoming, outgoing);
      return RESPONSE_ALREADY_SENT;
    },
    {
      autoCleanupIncoming: false,
      errorHandler: (error) => {
        if (error instanceof RequestError) throw error;
        return errorResponse(toApiError(error));
      },
    },
  );
  const refuse: Refuse = async (refusal, incoming) => {
    try {
      return await (options.refuse ?? errorResponse)(refusal, incoming);
    } catch {
      return errorResponse(refusal);
    }
  };
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: options.headersTimeoutMs ?? 20_000,
    connectionsCheckingInterval: Math.min(5_000, options.headersTimeoutMs ?? 5_000),
    // Uploads may take long. readBody enforces limits on bodies, the idle time-out on the rest.
    requestTimeout: 0,
    // Longer than proxies keep theirs (60 s), or they would reuse a connection that has just closed.
    keepAliveTimeout: 75_000,
    // Node's own 400 has no body; the listener's has.
    requireHostHeader: false,
  });
  server.timeout = 120_000;
  const close = gracefulClose(server);
  const refuseEarly = async (
    refusal: ApiError,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => answerEarly(await refuse(refusal, incoming), incoming, outgoing);
  const accept = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // Old load balancers check health with HTTP/1.0, which does not require a host.
    if (incoming.httpVersion === '1.0') incoming.headers.host ??= 'localhost';
    const { prefix } = options;
    if (prefix && incoming.url?.startsWith(`${prefix}/`))
      incoming.url = incoming.url.slice(prefix.length);
    // Catches requests that cannot even become a Request: a bad Host, a backslash in the path.
    listener(incoming, outgoing).catch(() => refuseEarly(badRequest(), incoming, outgoing));
  };
  server.on('request', accept);
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    continueWhenRead(incoming, outgoing);
    accept(incoming, outgoing);
  });
  server.on('checkExpectation', (incoming: IncomingMessage, outgoing: ServerResponse) =>
    refuseEarly(expectationFailed(), incoming, outgoing),
  );
  server.on('clientError', refuseUnparsable(refuse));

  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(cannotListen(error, options));
    server.once('error', fail);
    server.listen({ port: options.port, host: options.hostname, backlog }, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: (graceMs = 10_000) => close(graceMs),
  };
}

function cannotListen(error: NodeJS.ErrnoException, options: HttpServerOptions): Error {
  const { port, portSetting = 'PORT', hostname } = options;
  switch (error.code) {
    case 'EADDRINUSE':
      return new OperatorError(
        `Port ${port} is in use by another program: stop it, or set ${portSetting} to another one.`,
      );
    case 'EACCES':
      return new OperatorError(
        `This user may not listen on port ${port}: set ${portSetting} to one above 1023.`,
      );
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
      return new OperatorError(
        `HOST (${hostname}) is no address of this machine: unset it to listen on all.`,
      );
    default:
      return error;
  }
}

/** Answers `Expect: 100-continue` only when the body is first read, so a refused upload sends no body. */
function continueWhenRead(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const read = incoming._read;
  incoming._read = (size) => {
    incoming._read = read;
    if (!outgoing.headersSent) outgoing.writeContinue();
    read.call(incoming, size);
  };
}
