import { once } from 'node:events';
import { connect } from 'node:net';

export type Request = {
  path: string;
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: Buffer;
};

export type RawConnection = {
  /** The status of the answer, when all of it has come. */
  send(request: Request): Promise<number>;
  close(): void;
};

/**
 * A connection that only counts the bytes of the answers. A client that parses them would take as much of the
 * processors that it shares with the service as the service itself. The answers need a Content-Length.
 */
export async function rawConnection(url: string): Promise<RawConnection> {
  const { hostname, port, host } = new URL(url);
  const buffer = Buffer.alloc(65_536);
  let answered: PromiseWithResolvers<number> | undefined;
  let status = 0;
  let missing = 0;
  const count = (bytes: Buffer) => {
    if (missing === 0) {
      const head = headOf(bytes);
      status = Number(head.slice(9, 12));
      missing = head.length + Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    }
    missing -= bytes.length;
    if (missing === 0) answered?.resolve(status);
    else if (!(missing > 0)) socket.destroy(new Error('The answer is longer than it says.'));
    return true;
  };
  // Into one piece of memory again and again: a new one for each answer costs more than to read it.
  const onread = { buffer, callback: (length: number) => count(buffer.subarray(0, length)) };
  const socket = connect({ port: Number(port), host: hostname, noDelay: true, onread });
  await once(socket, 'connect');
  socket.on('error', (error) => answered?.reject(error));
  socket.on('close', () => answered?.reject(new Error('The service closed the connection.')));
  return {
    send({ method = 'GET', path, headers, body }) {
      answered = Promise.withResolvers();
      const all = { Host: host, ...(body && { 'Content-Length': body.length }), ...headers };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.cork();
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
      if (body) socket.write(body);
      socket.uncork();
      return answered.promise;
    },
    close: () => socket.destroy(),
  };
}

const headOf = (answer: Buffer): string =>
  answer.toString('latin1', 0, answer.indexOf('\r\n\r\n') + 4);
