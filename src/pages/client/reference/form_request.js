import { find } from '../frame/element.js';

/**
 * The request that a panel would send with its current values.
 *
 * @param {HTMLFormElement} form
 */
export function readForm(form) {
  const { method = 'GET', path: pattern = '' } = form.dataset;
  const query = new URLSearchParams();
  /** @type {Record<string, string>} */
  const headers = {};
  /** @type {[string, string][]} */
  const fields = [];
  let path = pattern;
  /** @type {HTMLInputElement | undefined} */
  let missing;
  for (const input of form.querySelectorAll('[data-in]')) {
    const { name, value, placeholder, dataset } = /** @type {HTMLInputElement} */ (input);
    if (dataset.in === 'path') {
      if (value === '') missing ??= /** @type {HTMLInputElement} */ (input);
      // An empty field shows the example.
      path = path.replace(`:${name}`, encodeURIComponent(value.trim() || placeholder));
    }
    if (value === '') continue;
    if (dataset.in === 'query') query.set(name, value);
    if (dataset.in === 'header') headers[name] = value;
    if (dataset.in === 'form') fields.push([name, value]);
  }
  if (query.size > 0) path += `?${query}`;
  const url = find('[data-base-url]').dataset.baseUrl + path;
  return { method, path, url, headers, missing, ...(fields.length > 0 && { form: fields }) };
}
