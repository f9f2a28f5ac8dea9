import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type RawBuilder, sql } from 'kysely';
import { ApiError, isDiskFull, refusals } from '../errors.ts';
import type { Functions } from '../postgres/api.types.ts';
import { calling } from '../postgres/call.ts';
import type { Db } from '../postgres/db.ts';
import { hasTwoKeys, keySha256Of } from './api_key.ts';
import type { AppEnv } from './app_env.ts';
import { batched } from './batch.ts';
import { addressOf } from './client_ip.ts';
import { policiesOf, rateLimitUnknown, setRateLimit } from './rate_limit.ts';

export type AdmitOptions = {
  /** What it is. Submissions and redeliveries count against the limit of all requests too. */
  kind?: 'request' | 'submission' | 'redelivery' | 'public';
  needsKey?: boolean;
};

export type Read<Asked> = {
  /**
   * An api.* function call that serves several requests and returns the columns n and body. `keys` are the
   * callers' API key ids, `asked` what each caller asks for.
   */
  call(keys: RawBuilder<string[]>, asked: Asked[], config: AppConfig): RawBuilder<unknown>;
  /** Whether it also returns body_n, the n of the row that holds the body: equal requests share one. */
  sendsOnce?: boolean;
};

type AppConfig = AppEnv['Variables']['config'];
type Counted = { client: string; keySha256: string | null; asked?: unknown };

type Admission<Body> = Functions['admit']['returns'][number] & { body: Body | null };

/**
 * Counts the request, checks its key, and answers it, in one round trip. Requests that arrive together are
 * counted together, unless each has its own answer.
 *
 * @param answer an api.* function call with one column; `key` is the caller's API key id in it
 * @throws ApiError 429 or 401
 */
export async function admit<Body = string>(
  c: Context<AppEnv>,
  o: AdmitOptions = {},
  answer?: (key: RawBuilder<string>) => RawBuilder<unknown>,
): Promise<{ apiKeyId: string; body: Body | null }> {
  if (o.needsKey !== false && hasTwoKeys(c)) return refuseTwoKeys(c, o);
  const { db, config } = c.var;
  const count = answer
    ? async (request: Counted) =>
        (
          await runTogether<Body>(
            db,
            config,
            [request],
            o,
            sql`left join lateral ${answer(sql.raw('a.api_key_id'))} as s(body) on a.refusal is null`,
          )
        )[0]
    : queueOf<Body>(db, config, o);
  return pass(c, count(requestOf(c)));
}

/** The same for a read so frequent that answering many at once pays off. */
export function admitToRead<Asked>(
  c: Context<AppEnv>,
  read: Read<Asked>,
  asked: Asked,
): Promise<{ apiKeyId: string; body: string | null }> {
  if (hasTwoKeys(c)) return refuseTwoKeys(c);
  const queue = queueOf<string, Asked>(c.var.db, c.var.config, {}, read);
  return pass(c, queue({ ...requestOf(c), asked }));
}

/** Counts a request that is refused for its form, unless it was counted before its body failed. */
export async function admitOnce(c: Context<AppEnv>): Promise<void> {
  const before = counted.get(c.env.incoming);
  await (before ? pass(c, before) : admit(c, { needsKey: false }));
}
const counted = new WeakMap<IncomingMessage, Promise<Admission<unknown> | undefined>>();

async function refuseTwoKeys(c: Context<AppEnv>, o: AdmitOptions = {}): Promise<never> {
  await admit(c, { ...o, needsKey: false });
  throw new ApiError(
    400,
    'two_api_keys',
    'X-API-Key and Authorization: Bearer hold two different keys. Send your API key in one of them.',
  );
}

function requestOf(c: Context<AppEnv>): Counted {
  return { client: addressOf(c), keySha256: keySha256Of(c) };
}

async function pass<Body>(
  c: Context<AppEnv>,
  counting: Promise<Admission<Body> | undefined>,
): Promise<{ apiKeyId: string; body: Body | null }> {
  counted.set(c.env.incoming, counting);
  const row = await counting.catch((error) => {
    rateLimitUnknown(c);
    throw error;
  });
  if (!row) throw new Error('api.admit returned no row');
  setRateLimit(c, row.rate_limit, row.remaining, row.reset_seconds);
  if (row.api_key_name !== null) c.set('keyName', row.api_key_name);
  throwRefusal(c, row);
  return { apiKeyId: row.api_key_id ?? '', body: row.body };
}

function throwRefusal(c: Context, { refusal, reset_seconds }: Admission<unknown>): void {
  if (!refusal) return;
  if (refusal === 'rate_limited') c.header('Retry-After', String(reset_seconds));
  throw refusals[refusal as keyof typeof refusals]();
}

/**
 * Limits what needs no key, such as videos, by address. Its responses are cached, so they carry no headers
 * about the client.
 */
export const limitPublic = createMiddleware<AppEnv>(async (c, next) => {
  const count = queueOf(c.var.db, c.var.config, { kind: 'public', needsKey: false });
  throwRefusal(c, await count(requestOf(c)));
  await next();
});

/** One statement for any number of requests; rows in their order. `reading` joins their answers as s. */
async function runTogether<Body>(
  db: Db,
  config: AppConfig,
  requests: Counted[],
  o: AdmitOptions,
  reading?: RawBuilder<unknown>,
  sendsOnce = false,
): Promise<Admission<Body>[]> {
  const { policies, limits } = policiesOf(config.rateLimits)[o.kind ?? 'request'];
  const keySha256s = requests.map(({ keySha256 }) => keySha256);
  const needKeys = o.needsKey ?? true;
  const run = async (admitted: RawBuilder<unknown>) => {
    const rows = await db.run(sql<Admission<Body> & { body_n: number | null }>`
      with a as (select * from ${admitted})
      select a.*, ${reading ? sql`s.body::text` : sql`null`} as body,
        ${sendsOnce ? sql`s.body_n` : sql`null`} as body_n
      from a ${reading ?? sql``}
      order by a.n`);
    if (!sendsOnce) return rows;
    return rows.map((row) =>
      row.body_n ? { ...row, body: rows[row.body_n - 1]?.body ?? null } : row,
    );
  };
  try {
    const clients = requests.map(({ client }) => client);
    return await run(
      calling('admit', { clients, key_sha256s: keySha256s, policies, limits, need_keys: needKeys }),
    );
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return run(
      calling('admit_uncounted', {
        key_sha256s: keySha256s,
        most: limits[0] ?? 0,
        need_keys: needKeys,
      }),
    );
  }
}

type Queue<Body> = (request: Counted) => Promise<Admission<Body>>;
const queues = new WeakMap<Db, Map<unknown, Queue<unknown>>>();

/** One queue per database and kind of request. */
function queueOf<Body, Asked = never>(
  db: Db,
  config: AppConfig,
  o: AdmitOptions,
  read?: Read<Asked>,
): Queue<Body> {
  const ofDb = queues.get(db) ?? new Map();
  queues.set(db, ofDb);
  const kind = read ?? `${o.kind ?? 'request'} ${o.needsKey ?? true}`;
  const queue =
    ofDb.get(kind) ??
    batched<Counted, Admission<Body>>((requests) => {
      const keys = sql<string[]>`array(select a.api_key_id from a order by a.n)`;
      const asked = requests.map((request) => request.asked as Asked);
      if (!read) return runTogether(db, config, requests, o);
      const reading = sql`left join ${read.call(keys, asked, config)} s on s.n = a.n`;
      return runTogether(db, config, requests, o, reading, read.sendsOnce);
    });
  ofDb.set(kind, queue);
  return queue;
}
