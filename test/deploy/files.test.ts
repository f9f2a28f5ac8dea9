import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { validate } from 'dockerfile-utils';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { secretFileSettings } from '../../src/settings/secret_files.ts';
import { requireProgram, without } from '../support/programs.ts';
import { startService } from '../support/service.ts';

const commands = ['start', 'web', 'worker', 'migrate'];
const read = (path: string) => readFile(path, 'utf8');

/** The settings that docs/settings.md explains. */
async function settings(): Promise<string[]> {
  const rows = (await read('docs/settings.md')).matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm);
  return [...rows].map(([, name = '']) => name);
}

async function assertSettings(given: Record<string, unknown>): Promise<void> {
  const known = [...(await settings()), ...secretFileSettings];
  for (const name of Object.keys(given)) assert.ok(known.includes(name), `${name} is no setting`);
}

/** Instructions of a Dockerfile in order, each on one line. */
async function instructions(): Promise<[word: string, rest: string][]> {
  const lines = (await read('Dockerfile')).replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)]);
}

test('Dockerfile: right in form, three stages, nobody special, tini, a health check', async () => {
  assert.deepEqual(validate(await read('Dockerfile')), []);
  const all = await instructions();
  const last = all.slice(all.findLastIndex(([word]) => word === 'FROM'));
  const of = (name: string) => last.filter(([word]) => word === name).map(([, rest]) => rest);
  assert.equal(all.filter(([word]) => word === 'FROM').length, 3);
  assert.deepEqual(of('USER'), ['node']);
  assert.deepEqual(of('COPY'), ['--from=build /build/dist /app']);
  const [entry = ''] = of('ENTRYPOINT');
  assert.deepEqual(JSON.parse(entry).slice(0, 2), ['tini', '--']);
  assert.ok(commands.includes(JSON.parse(of('CMD')[0] ?? '')[0]));
  assert.equal(of('HEALTHCHECK').length, 1);
});

test('Dockerfile: its build stage makes dist/ of what .dockerignore lets in', async (t) => {
  const scratch = await mkdtemp(join(tmpdir(), 'vidgen-image-'));
  t.after(() => rm(scratch, { recursive: true, force: true }));
  const [everything, ...exceptions] = (await read('.dockerignore'))
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  assert.equal(everything, '*');
  const context = exceptions.map((line) => {
    assert.match(line, /^!/);
    return line.slice(1);
  });
  const all = await instructions();
  const stage = all.slice(
    1,
    all.findLastIndex(([word]) => word === 'FROM'),
  );
  for (const [word, rest] of stage) {
    if (word === 'COPY' && !rest.startsWith('--from=')) {
      const sources = rest.split(' ').slice(0, -1);
      for (const name of sources.includes('.') ? context : sources)
        await cp(name, join(scratch, name), { recursive: true });
    } else if (word === 'RUN' && rest.startsWith('npm ci')) {
      // The installed packages are those of the lockfile.
      await symlink(resolve('node_modules'), join(scratch, 'node_modules'));
    } else if (rest === 'node build/ffmpeg/ffmpeg.ts') {
      // Compiling takes minutes. Without a compiler it says what the image must install.
      const options = { cwd: scratch, env: { PATH: '' }, encoding: 'utf8' } as const;
      const { stderr } = spawnSync(process.execPath, [rest.slice(5)], options);
      const [, packages = ''] =
        /^To compile ffmpeg, install .*: apt-get install (.*)\n$/.exec(stderr) ?? [];
      const [, installed = ''] = stage.find((one) => one[1].includes('apt-get')) ?? [];
      assert.ok(packages.includes(' gcc '), stderr);
      for (const name of packages.split(' ')) assert.ok(installed.includes(` ${name}`), name);
    } else if (word === 'RUN' && !rest.includes('apt-get')) {
      execFileSync('sh', ['-c', rest], { cwd: scratch, stdio: 'pipe' });
    } else assert.match(word, /^(FROM|WORKDIR|RUN|COPY|ARG)$/);
  }
  assert.deepEqual((await readdir(join(scratch, 'dist'))).sort(), [
    'compose_program.cjs',
    'draw_program.cjs',
    'index_program.cjs',
    'node_modules',
    'vidgen.mjs',
    'vidgen.mjs.map',
  ]);
  const vidgen = join(scratch, 'dist', 'vidgen.mjs');
  const printed = execFileSync(process.execPath, [vidgen, 'roles'], { encoding: 'utf8' });
  assert.equal(printed, await read('sql/roles.sql'));
});

test('Dockerfile: its health check tells a service that lives from one that does not', async (t) => {
  const { url } = await startService(t);
  const check = (await instructions()).find(([word]) => word === 'HEALTHCHECK')?.[1] ?? '';
  const [, ...args] = JSON.parse(check.slice(check.indexOf('CMD') + 3)) as string[];
  const status = (port: string) =>
    promisify(execFile)(process.execPath, args, { env: { ...process.env, PORT: port } }).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  assert.equal(await status(new URL(url).port), 0);
  assert.equal(await status('1'), 1);
});

test('compose.yaml: a database, migrations before the rest, nothing that may be written to, secrets in files', async (t) => {
  type Service = {
    command: string;
    environment: Record<string, string>;
    secrets: string[];
    read_only: boolean;
    restart: string;
    mem_limit: string;
    pids_limit: number;
    depends_on: Record<string, { condition: string }>;
  };
  const { services, secrets } = parseYaml(await read('compose.yaml'), { merge: true }) as {
    services: Record<string, Service>;
    secrets: Record<string, { file: string }>;
  };
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-compose-'));
  t.after(() => rm(folder, { recursive: true }));
  const [, commands = ''] =
    /^```sh\n(mkdir -m 700 secrets\n.*?)^```/ms.exec(await read('docs/deploy.md')) ?? [];
  execFileSync('sh', ['-ec', commands], { cwd: folder });
  assert.deepEqual(
    (await readdir(join(folder, 'secrets'))).map((name) => `secrets/${name}`).sort(),
    Object.values(secrets)
      .map(({ file }) => file)
      .sort(),
  );
  const { postgres, ...ours } = services;
  assert.ok(postgres);
  for (const service of Object.values(services)) {
    assert.match(service.mem_limit, /^(\d+|\$\{\w+:-\d+)g/);
    assert.ok(service.pids_limit);
    for (const name of service.secrets) assert.ok(name in secrets, name);
  }
  assert.deepEqual(Object.keys(ours), ['migrate', 'web', 'worker']);
  for (const [name, service] of Object.entries(ours)) {
    assert.equal(service.command, name);
    assert.equal(service.read_only, true);
    await assertSettings(service.environment);
    const given = Object.entries(service.environment).map(([setting, value]) => {
      const [, secret] = /^\/run\/secrets\/(.*)$/.exec(value) ?? [];
      if (secret) assert.ok(service.secrets.includes(secret), `${name} is not given ${secret}`);
      return [
        setting,
        secret ? join(folder, 'secrets', secret) : value.replace(/^\$.*:-|\}$/g, ''),
      ];
    });
    const config = loadConfig({ ...Object.fromEntries(given), NODE_ENV: 'production' }, [
      ...(['DATABASE_URL', 'PUBLIC_URL', 'SECRETS_KEY'] as const),
    ]);
    const role = name === 'web' ? 'vidgen_web' : 'vidgen_worker';
    assert.equal(new URL(config.databaseUrl ?? '').username, role);
    const owner = config.databaseOwnerUrl && new URL(config.databaseOwnerUrl).username;
    assert.equal(owner, name === 'migrate' ? 'vidgen_owner' : undefined);
  }
  for (const name of ['web', 'worker']) {
    assert.equal(ours[name]?.restart, 'always');
    assert.deepEqual(ours[name]?.depends_on, {
      migrate: { condition: 'service_completed_successfully' },
    });
  }
});

test('fly.toml: its processes, release command, settings and checks are there', async (t) => {
  type Fly = {
    deploy: { release_command: string };
    processes: Record<string, string>;
    env: Record<string, string>;
    restart: { policy: string; processes: string[] }[];
    http_service: { internal_port: number; checks: { path: string; method: string }[] };
  };
  const fly = parseToml(await read('fly.toml')) as unknown as Fly;
  assert.deepEqual({ ...fly.processes }, { web: 'web', worker: 'worker' });
  assert.equal(fly.deploy.release_command, 'migrate');
  await assertSettings(fly.env);
  loadConfig(fly.env);
  assert.deepEqual(
    fly.restart.map(({ policy, processes }) => [policy, processes]),
    [['always', ['web', 'worker']]],
  );
  assert.match(await read('Dockerfile'), new RegExp(`PORT=${fly.http_service.internal_port}\\b`));
  const { call } = await startService(t);
  for (const { method, path } of fly.http_service.checks)
    assert.equal((await call(path, undefined, { method })).status, 200);
});

test('app.json: the processes of the Procfile, settings that are accepted as Heroku fills them in', async () => {
  const app = JSON.parse(await read('app.json')) as {
    formation: Record<string, unknown>;
    env: Record<string, { value?: string; generator?: string }>;
  };
  const processes = [...(await read('Procfile')).matchAll(/^(\w+):/gm)].map(([, name]) => name);
  assert.deepEqual(['release', ...Object.keys(app.formation)], processes);
  await assertSettings(app.env);
  const filled = Object.entries(app.env).map(([name, { value, generator }]) => [
    name,
    generator ? 'a1'.repeat(32) : value,
  ]);
  const config = loadConfig({
    ...Object.fromEntries(filled),
    PUBLIC_URL: 'https://vidgen.example.com',
    DATABASE_URL: 'postgres://user:password@ec2.example.com:5432/database',
  });
  assert.equal(config.secretsKeys.length, 1);
  assert.match(config.databaseUrl ?? '', /\?sslmode=require$/);
});

test('.profile finds libraries of the Aptfile that lie in folders of their own', () => {
  const print = '. ./.profile && printf %s "$LD_LIBRARY_PATH"';
  const { stdout } = spawnSync('sh', ['-ec', print], {
    encoding: 'utf8',
    env: { LD_LIBRARY_PATH: '/app/.apt/usr/lib' },
  });
  const [first, ...folders] = stdout.split(':');
  assert.equal(first, '/app/.apt/usr/lib');
  assert.equal(folders.length, 2);
  for (const folder of folders) assert.match(folder, /^\/app\/\.apt\/usr\/lib\/x86_64-linux-gnu\//);
});

test('systemd: the units are understood, and each starts the process of its name', {
  skip: without('systemd-analyze'),
}, async (t) => {
  const analyze = await requireProgram('systemd-analyze');
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-units-'));
  t.after(() => rm(folder, { recursive: true }));
  const units = await Promise.all(
    ['web', 'worker'].map(async (name) => {
      const unit = await read(`systemd/vidgen-${name}.service`);
      assert.match(unit, new RegExp(`^ExecStart=/usr/local/bin/vidgen ${name}$`, 'm'));
      const path = join(folder, `vidgen-${name}.service`);
      // The program and the page of the manual are not installed here.
      await writeFile(
        path,
        unit.replace('/usr/local/bin/vidgen', '/bin/true').replace(/^Documentation=.*\n/m, ''),
      );
      return path;
    }),
  );
  const { stderr, status } = spawnSync(analyze, ['verify', ...units], { encoding: 'utf8' });
  assert.doesNotMatch(stderr, /vidgen-/);
  assert.equal(status, 0, stderr);
});
