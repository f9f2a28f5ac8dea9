import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { persistentFetch } from '../../src/storage/bucket_requests.ts';

test('a body that is given up while it comes harms nobody: of a busy store, and of a file', async (t) => {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const times = (asked.get(request.url ?? '') ?? 0) + 1;
    asked.set(request.url ?? '', times);
    response.writeHead(times === 1 ? 503 : 200);
    response.write(Buffer.alloc(100_000));
    setImmediate(() => response.end(Buffer.alloc(1_000_000)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const fetch = persistentFetch();
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const url = `http://127.0.0.1:${port}/${n}`;
      const answer = await fetch(url);
      assert.equal(answer.status, 200);
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      const { value } = await reader.read();
      assert.ok((value?.length ?? 0) > 0);
      await reader.cancel();
      assert.equal((await (await fetch(url)).arrayBuffer()).byteLength, 1_100_000);
    }),
  );
});
