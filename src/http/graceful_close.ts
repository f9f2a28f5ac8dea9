import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Tracks the connections of a server and returns a function that closes it: no new connections, idle ones end
 * at once, the others end with their request or after the grace.
 */
export function gracefulClose(server: Server): (graceMs: number) => Promise<void> {
  // Browsers open spare connections. Node considers one that never sent a request busy.
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
