import { apiKey } from './key.js';

/**
 * The answer to a request. Status 0 means that none arrived or, with a `fault`, that nothing was sent.
 *
 * @typedef {{ status: number, statusText: string, headers: [string, string][], text: string, ms: number, fault?: string }} Answer
 */

/**
 * The address on this server of a path like /api/jobs.
 *
 * @param {string} path
 */
export const address = (path) => new URL(path.replace(/^\//, ''), document.baseURI).href;

/**
 * @param {Record<string, string>} headers
 * @returns {Record<string, string>}
 */
export const withApiKey = (headers = {}) =>
  apiKey() ? { ...headers, 'X-API-Key': apiKey() } : headers;

/**
 * Sends a request with the key and reads the whole answer.
 *
 * @param {string} path
 * @param {RequestInit & { headers?: Record<string, string> }} [init]
 * @returns {Promise<Answer>}
 */
export async function send(path, init = {}) {
  const began = performance.now();
  const headers = withApiKey(init.headers);
  const fault = faultOf(headers);
  if (fault) return notSent(fault);
  try {
    const response = await fetch(address(path), { ...init, headers });
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      text: await response.text(),
      ms: performance.now() - began,
    };
  } catch {
    return noAnswer(performance.now() - began);
  }
}

/**
 * Sends a form and reports its progress, which fetch cannot do.
 *
 * @param {string} path
 * @param {FormData} form
 * @param {Record<string, string>} headers
 * @param {(share: number) => void} onProgress 0 to 1
 * @returns {Promise<Answer>}
 */
export async function upload(path, form, headers, onProgress) {
  const began = performance.now();
  const all = withApiKey(headers);
  const fault = faultOf(all);
  if (fault) return notSent(fault);
  const request = new XMLHttpRequest();
  request.open('POST', address(path));
  for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total));
  return new Promise((resolve) => {
    request.addEventListener('loadend', () => {
      const ms = performance.now() - began;
      if (request.status === 0) return resolve(noAnswer(ms));
      const lines = request.getAllResponseHeaders().trim().split(/\r?\n/);
      resolve({
        status: request.status,
        statusText: request.statusText,
        headers: lines.map((line) => /** @type {[string, string]} */ (line.split(/: (.*)/s, 2))),
        text: request.responseText,
        ms,
      });
    });
    request.send(form);
  });
}

/**
 * Why a browser would refuse to send these headers, or ''.
 *
 * @param {Record<string, string>} headers
 */
function faultOf(headers) {
  const name = Object.keys(headers).find((header) => /[^ -~]/.test(headers[header] ?? ''));
  return name
    ? `${name} contains a character that isn't allowed in HTTP headers. Paste it again.`
    : '';
}

const notSent = (/** @type {string} */ fault) => ({
  ...noAnswer(0),
  statusText: 'Not sent',
  fault,
});

const noAnswer = (/** @type {number} */ ms) => ({
  status: 0,
  statusText: 'No response',
  headers: [],
  text: '',
  ms,
});

/**
 * The JSON body, or an empty object if there is none.
 *
 * @param {Answer} answer
 * @returns {Record<string, any>}
 */
export function bodyOf(answer) {
  try {
    return JSON.parse(answer.text) ?? {};
  } catch {
    return {};
  }
}

/**
 * @param {Answer} answer
 * @param {string} name in lower case
 */
export const headerOf = (answer, name) =>
  answer.headers.find(([header]) => header.toLowerCase() === name)?.[1];
