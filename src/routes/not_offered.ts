import type { Hono } from 'hono';
import { ApiError, nothingHere } from '../errors.ts';
import type { AppEnv } from '../http/app_env.ts';

/** 405 with the methods that the path supports, else 404. */
export function notOffered(app: Hono<AppEnv>, path: string): ApiError {
  const allowed = new Set<string>();
  for (const route of app.routes) {
    if (route.method !== 'ALL' && patternOf(route.path).test(path)) allowed.add(route.method);
  }
  if (allowed.has('GET')) allowed.add('HEAD');
  if (allowed.size > 0) {
    const allow = [...allowed].sort().join(', ');
    return new ApiError(405, 'method_not_allowed', `This path takes ${allow}.`, {
      headers: { Allow: allow },
    });
  }
  return nothingHere();
}

/** Of a route's path such as /docs/:file{[a-z]+\.md}. */
const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll(/:\w+(?:\{(.*?)\})?|\./g, part)}$`);
const part = (found: string, only?: string) => only ?? (found === '.' ? '\\.' : '[^/]+');
