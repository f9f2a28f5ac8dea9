import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { loadConfig } from '../src/config.ts';
import { startHttpServer } from '../src/http/http_server.ts';
import { createLog } from '../src/log.ts';
import { openDb } from '../src/postgres/db.ts';
import { startServer } from '../src/server.ts';

// A separate API process, so that its time and memory can be measured: `service` is the whole server,
// `select` the same HTTP server and pool around one select. It reports its resident bytes over IPC.
const [kind, databaseUrl = ''] = process.argv.slice(2);

async function startSelect(): Promise<{ url: string }> {
  const db = openDb(databaseUrl);
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/api/status/:jobId', async (c) => {
    const row = await db.first(
      sql<{ id: string; status: string; progress: number }>`
        select id, status, progress from vidgen.job where id = ${c.req.param('jobId')}`,
    );
    return c.json(row ?? {});
  });
  return startHttpServer(app, { port: 0, hostname: '127.0.0.1' });
}

async function startService(): Promise<{ url: string }> {
  const port = Number(process.argv[4]);
  const config = loadConfig({
    PORT: String(port),
    HOST: '127.0.0.1',
    CLIENT_IP_SOURCE: 'header:X-Test-Ip',
    LOG_LEVEL: 'silent',
    // All streams of the benchmark follow one job.
    MAX_STREAMS_PER_KEY: '5000',
  });
  const publicUrl = `http://127.0.0.1:${port}`;
  await startServer({
    config: { ...config, publicUrl },
    databaseUrl,
    log: createLog('silent'),
    onFatal: () => process.exit(1),
  });
  return { url: publicUrl };
}

const { url } = kind === 'select' ? await startSelect() : await startService();
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ resident: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit());
process.send?.({ url });
