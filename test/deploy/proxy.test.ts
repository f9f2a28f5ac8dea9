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
import { requireExtracted, withoutExtracted } from '../support/extracted_program.ts';
import { requireProgram, without } from '../support/programs.ts';
import { type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

/** Runs a proxy until the test ends. */
function startProxy(t: Cleanup, program: string, args: string[], folder: string): void {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HOME: folder },
  });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
}

type Ports = { root: number; cut: number; kept: number };
type Proxy = {
  name: string;
  language: string;
  skip: string | false;
  /** Runs the two blocks of the page: at the root, and below a path that is cut off or not. */
  start(t: Cleanup, folder: string, blocks: string[], ports: Ports): Promise<void>;
};

const proxies: Proxy[] = [
  {
    name: 'nginx',
    language: 'nginx',
    skip: without('nginx'),
    async start(t, folder, [server = '', below = ''], ports) {
      const atRoot = / {2}location \/ \{\n *proxy_pass \S+;\n/;
      const prefixed = server.replace(atRoot, below);
      assert.notEqual(prefixed, server);
      const on = (port: number, block: string) =>
        block.replace('listen 80;', `listen 127.0.0.1:${port};`);
      const servers = [
        on(ports.root, server),
        on(ports.cut, prefixed),
        on(ports.kept, prefixed.replace(/(proxy_pass .*)\/;/, '$1;')),
      ];
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${join(folder, name)};`,
      );
      const file = join(folder, 'nginx.conf');
      await writeFile(
        file,
        `${process.getuid?.() === 0 ? 'user root;' : ''}
        daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;
        events {} http { access_log off; ${paths.join(' ')} ${servers.join('\n')} }`,
      );
      const nginx = await requireProgram('nginx');
      startProxy(t, nginx, ['-p', folder, '-e', 'stderr', '-c', file], folder);
    },
  },
  {
    name: 'Caddy',
    language: 'caddy',
    skip: withoutExtracted('caddy'),
    async start(t, folder, [site = '', below = ''], ports) {
      // Without a name there is no certificate to get.
      const on = (port: number, block: string) =>
        block.replace(/^\S+ \{/, `http://127.0.0.1:${port} {`);
      const sites = [
        on(ports.root, site),
        on(ports.cut, below),
        on(ports.kept, below.replace('handle_path', 'handle')),
      ];
      const file = join(folder, 'Caddyfile');
      await writeFile(
        file,
        ['{\n  admin off\n  log {\n    level ERROR\n  }\n}', ...sites].join('\n'),
      );
      const caddy = await requireExtracted('caddy', 'caddy');
      startProxy(t, caddy, ['run', '--adapter', 'caddyfile', '--config', file], folder);
    },
  },
];

for (const { name, language, skip, start } of proxies)
  test(`the ${name} of docs/proxy.md: at the root, and below a path that is cut off or not`, {
    skip,
  }, async (t) => {
    const cleanup = inReverse(t);
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-proxy-'));
    cleanup.after(() => rm(folder, { recursive: true, force: true }));
    const ports = { root: await freePort(), cut: await freePort(), kept: await freePort() };
    const publicUrl = `http://127.0.0.1:${ports.kept}/videos`;
    const service = await startService(cleanup, {
      env: { PUBLIC_URL: publicUrl, CLIENT_IP_SOURCE: 'xff:1' },
    });
    const page = await readFile('docs/proxy.md', 'utf8');
    const fences = page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'));
    const blocks = Array.from(fences, ([, block = '']) =>
      block.replaceAll('127.0.0.1:3000', `127.0.0.1:${service.config.port}`),
    );
    assert.equal(blocks.length, 2);
    await start(cleanup, folder, blocks, ports);
    const health = () => fetch(`${publicUrl}/api/health`).catch(() => undefined);
    await until(`${name} answers`, async () => (await health())?.ok);
    for (const base of [
      `http://127.0.0.1:${ports.root}`,
      `http://127.0.0.1:${ports.cut}/videos`,
      publicUrl,
    ])
      await assertPasses(service, base, publicUrl);
    const counted = await service.db.query('select distinct client from vidgen.rate_limit', []);
    assert.deepEqual(counted, [{ client: '127.0.0.1' }], 'what a caller claims counts for nothing');
  });

/** Whether the page, a large upload and events come through the proxy at this address. */
async function assertPasses(service: Service, base: string, publicUrl: string): Promise<void> {
  const openapi = (await (await fetch(`${base}/openapi.json`)).json()) as { servers: unknown };
  assert.deepEqual(openapi.servers, [{ url: publicUrl }], base);
  const html = await (await fetch(`${base}/`)).text();
  const [, icon = ''] = /href="([^"]*icon\.svg[^"]*)"/.exec(html) ?? [];
  assert.equal((await fetch(new URL(icon, `${publicUrl}/`))).status, 200, icon);

  const key = await service.createKey();
  const headers = { 'X-API-Key': key.apiKey, 'X-Forwarded-For': '203.0.113.7' };
  const form = new FormData();
  form.append('image', (await tinyInputs()).image);
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
