import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { startHttpServer } from '../src/http_server.ts';
import { postgresBlobStore } from '../src/storage/postgres.ts';
import { readSubmission } from '../src/upload.ts';

// The upload in a process of its own, so that its memory is its own. Asked over IPC, it tells its
// resident bytes now and at their peak.
const store = postgresBlobStore(process.argv[2] ?? '');
const app = new Hono<{ Bindings: HttpBindings }>();
app.post('/api/jobs', async (c) =>
  c.json(await readSubmission(c.env.incoming, { store, processId: 1 }), 201),
);
const server = await startHttpServer(app, { port: 0 });

let peak = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 25);
process.on('message', () => process.send?.({ now: process.memoryUsage.rss(), peak }));
process.on('disconnect', () => process.exit());
process.send?.({ url: server.url });
