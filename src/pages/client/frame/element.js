/**
 * Creates an element. Attributes that are false or undefined are left out, and true becomes an empty attribute. A
 * function becomes a listener for the event of its name.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: Event) => void)>} attributes
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value !== false && value !== undefined)
      made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/**
 * Finds an element that the server rendered. Throws if it is missing: page and script are of different versions.
 *
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {Kind}
 */
export function find(selector, within = document) {
  const found = /** @type {Kind | null} */ (within.querySelector(selector));
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

/**
 * Disables a button or enables it again without taking the focus from it, as `disabled` would. Its click handlers
 * must check `isShut`.
 *
 * @param {HTMLElement} button
 * @param {boolean} shut
 */
export function setShut(button, shut) {
  button.setAttribute('aria-disabled', String(shut));
}

/** @param {HTMLElement} button */
export const isShut = (button) => button.getAttribute('aria-disabled') === 'true';
