import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../../src/process/free_port.ts';
import { type Cleanup, inReverse } from '../support/database.ts';
import { eventsOf } from '../support/event_stream.ts';
import { requireProgram, without } from '../support/programs.ts';
import { startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

const skip = without('nginx', 'nginx-light');

/** Runs the servers of these blocks until the test ends. */
async function startNginx(t: Cleanup, servers: string[]): Promise<void> {
  const nginx = await requireProgram('nginx', 'nginx-light');
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-nginx-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;
    events {} http { access_log off; ${paths.join(' ')} ${servers.join('\n')} }`,
  );
  const args = ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
  const child = spawn(nginx, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
}

test('the nginx of docs/proxy.md: at the root, and below a path that is cut off or not', {
  skip,
}, async (t) => {
  const cleanup = inReverse(t);
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const [root, cut, kept] = ports;
  const publicUrl = `http://127.0.0.1:${kept}/videos`;
  const service = await startService(cleanup, {
    env: { PUBLIC_URL: publicUrl, CLIENT_IP_SOURCE: 'xff:1' },
  });
  const upstream = `127.0.0.1:${service.config.port}`;
  const page = await readFile('docs/proxy.md', 'utf8');
  const [server = '', below = ''] = Array.from(
    page.matchAll(/^```nginx\n(.*?)^```$/gms),
    ([, block]) => block,
  );
  const atRoot = / {2}location \/ \{\n *proxy_pass \S+;\n/;
  const prefixed = server.replace(atRoot, below);
  assert.notEqual(prefixed, server);
  const on = (port: number, block: string) =>
    block.replace('listen 80;', `listen 127.0.0.1:${port};`).replaceAll('127.0.0.1:3000', upstream);
  await startNginx(cleanup, [
    on(root, server),
    on(cut, prefixed),
    on(kept, prefixed.replace('127.0.0.1:3000/;', '127.0.0.1:3000;')),
  ]);
  const answers = () => fetch(`http://127.0.0.1:${kept}/videos/api/health`).catch(() => undefined);
  await until('nginx answers', async () => (await answers())?.ok);

  const key = await service.createKey();
  const headers = { 'X-API-Key': key.apiKey, 'X-Forwarded-For': '203.0.113.7' };
  for (const base of [
    `http://127.0.0.1:${root}`,
    `http://127.0.0.1:${cut}/videos`,
    `http://127.0.0.1:${kept}/videos`,
  ]) {
    const openapi = (await (await fetch(`${base}/openapi.json`)).json()) as { servers: unknown };
    assert.deepEqual(openapi.servers, [{ url: publicUrl }], base);
    const html = await (await fetch(`${base}/`)).text();
    const [, icon = ''] = /href="([^"]*icon\.svg[^"]*)"/.exec(html) ?? [];
    assert.equal((await fetch(new URL(icon, `${publicUrl}/`))).status, 200, icon);

    const form = new FormData();
    const { image } = await tinyInputs();
    form.append('image', image);
    // Larger than what nginx takes by default.
    form.append('audio', new File([wav(3_000_000)], 'sound.wav'));
    const created = await fetch(`${base}/api/jobs`, { method: 'POST', headers, body: form });
    assert.equal(created.status, 201, await created.clone().text());
    const { jobId } = (await created.json()) as { jobId: string };
    assert.equal(created.headers.get('Location'), `/videos/api/jobs/${jobId}`);
    // The first event comes while the stream goes on.
    const events = eventsOf(await fetch(`${base}/api/jobs/${jobId}/events`, { headers }));
    const { value } = await events[Symbol.asyncIterator]().next();
    assert.equal(value?.data.status, 'PENDING');
    await fetch(`${base}/api/jobs/${jobId}`, { method: 'DELETE', headers });
  }
  const counted = await service.db.query('select distinct client from vidgen.rate_limit', []);
  assert.deepEqual(counted, [{ client: '127.0.0.1' }], 'what a caller claims counts for nothing');
});

function wav(bytes: number): Uint8Array<ArrayBuffer> {
  const sound = Buffer.alloc(44 + bytes);
  sound.write('RIFF');
  sound.writeUInt32LE(36 + bytes, 4);
  sound.write('WAVEfmt ', 8);
  sound.writeUInt32LE(16, 16);
  sound.writeUInt32LE(0x1_0001, 20);
  sound.writeUInt32LE(8_000, 24);
  sound.writeUInt32LE(16_000, 28);
  sound.writeUInt32LE(0x10_0002, 32);
  sound.write('data', 36);
  sound.writeUInt32LE(bytes, 40);
  return new Uint8Array(sound);
}
