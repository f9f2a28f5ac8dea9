import type { Context } from 'hono';
import { ApiError } from '../errors.ts';
import type { AppEnv } from '../http/app_env.ts';
import { type Metadata, metadata } from '../video_options.ts';
import { didYouMean, refuseAdmitted } from './parse.ts';

const prefix = 'metadata.';
/** metadata, metadata[KEY], Metadata.KEY, meta_KEY. */
const nearly = /^meta(?:data)?(?:$|[._-]|\[)(.*?)\]?$/is;

/** The keys after metadata. in a query: what the metadata of the listed jobs must contain. */
export async function metadataFilter(c: Context<AppEnv>): Promise<Metadata | undefined> {
  const all = Object.entries(c.req.queries());
  const given = all.filter(([name]) => name.startsWith(prefix));
  for (const [name] of all.filter((one) => !given.includes(one))) {
    const key = nearly.exec(name)?.[1];
    if (key !== undefined) return refuseAdmitted(c, didYouMean(name, `${prefix}${key || 'KEY'}`));
  }
  if (given.length === 0) return undefined;
  const twice = given.find(([, values]) => values.length > 1)?.[0];
  const pairs = given.map(([name, [value = '']]) => [name.slice(prefix.length), value]);
  const parsed = metadata.safeParse(Object.fromEntries(pairs));
  if (!twice && parsed.success) return parsed.data;
  const message = twice
    ? `${twice} is given more than once. Give it once.`
    : (parsed.error?.issues[0]?.message ?? '');
  const field = twice ?? 'metadata';
  return refuseAdmitted(c, new ApiError(400, 'invalid_query', message, { extra: { field } }));
}
