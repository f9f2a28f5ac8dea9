import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Cleanup } from '../support/database.ts';

export type TcpProxy = {
  port: number;
  /** From now on every connection, new ones too, stays open and silent: a network that drops packets. */
  silence(): void;
  /** New connections work again; silent ones never do. */
  speak(): void;
};

export async function startTcpProxy(t: Cleanup, targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let silent = false;
  let age = 0;

  const server = createServer((client) => {
    const born = age;
    const isDead = () => silent || born !== age;
    const target = silent ? undefined : connect(targetPort, '127.0.0.1');
    const forward = (from: Socket, to: Socket | undefined) => {
      sockets.add(from);
      from.on('data', (data) => {
        if (!isDead()) to?.write(data);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        if (!isDead()) to?.destroy();
      });
    };
    forward(client, target);
    if (target) forward(target, client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    silence: () => {
      silent = true;
      age += 1;
    },
    speak: () => {
      silent = false;
    },
  };
}
