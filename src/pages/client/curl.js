import { find } from './element.js';
import { apiKey, keyAsShown } from './key.js';

const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The curl line of a request, with the key as the page shows it.
 *
 * @param {{ method: string, path: string, needsKey: boolean, headers?: Record<string, string>, form?: [string, string][], stream?: boolean }} request
 */
export function curlOf({ method, path, needsKey, headers = {}, form = [], stream = false }) {
  const url = find('[data-base-url]').dataset.baseUrl + path;
  const verb = [stream ? '-N' : '', method === 'GET' ? '' : `-X ${method}`].filter(Boolean);
  const lines = [['curl', ...verb, /[?&:]/.test(path) ? quoted(url) : url].join(' ')];
  if (needsKey) lines.push(`-H "X-API-Key: ${apiKey() ? keyAsShown() : '$YOUR_API_KEY'}"`);
  for (const [name, value] of Object.entries(headers))
    lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  for (const [name, value] of form) lines.push(`-F ${quoted(`${name}=${value}`)}`);
  return lines.join(' \\\n  ');
}
