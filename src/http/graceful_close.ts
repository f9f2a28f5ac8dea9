import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Watches the connections of a server from its beginning and returns what closes it: no new
 * connections, those without a request end at once, the others with their request or after the grace.
 */
export function gracefulClose(server: Server): (graceMs: number) => Promise<void> {
  // Browsers open connections to spare. Node takes one that never sent a request for a busy one.
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  const used = ({ socket }: IncomingMessage) => unused.delete(socket);
  for (const event of ['request', 'checkContinue', 'checkExpectation'])
    server.prependListener(event, used);

  return (graceMs) =>
    new Promise((resolve) => {
      const tidy = setInterval(() => server.closeIdleConnections(), 100);
      const cap = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearInterval(tidy);
        clearTimeout(cap);
        resolve();
      });
      for (const socket of unused) socket.destroy();
      server.closeIdleConnections();
    });
}
