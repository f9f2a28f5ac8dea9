/** @typedef {[name: string, value: string | File]} Field */

/**
 * The optional fields of a form that have a value.
 *
 * @param {HTMLFormElement} form
 * @returns {Field[]}
 */
export function fieldsOf(form) {
  /** @type {Field[]} */
  const fields = [];
  for (const input of form.querySelectorAll('[data-in="form"]')) {
    const { name, value, files } = /** @type {HTMLInputElement} */ (input);
    if (files?.[0]) fields.push([name, files[0]]);
    else if (!files && value.trim() !== '') fields.push([name, value.trim()]);
  }
  return fields;
}

/**
 * Keeps each color picker and its text field equal. A picker alone cannot be empty.
 *
 * @param {HTMLFormElement} form
 */
export function startColors(form) {
  for (const picker of form.querySelectorAll('[data-color]')) {
    if (!(picker instanceof HTMLInputElement)) continue;
    const input = form.querySelector(`#${picker.dataset.color}`);
    if (!(input instanceof HTMLInputElement)) continue;
    picker.addEventListener('input', () => {
      input.value = picker.value;
    });
    input.addEventListener('input', () => {
      if (/^#[0-9a-f]{6}$/i.test(input.value)) picker.value = input.value;
    });
  }
}

/**
 * Shows the field that the service refused.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function showField(form, name) {
  const input = form.querySelector(`[data-in="form"][name="${CSS.escape(name)}"]`);
  if (!(input instanceof HTMLElement)) return;
  const options = input.closest('details.options');
  if (options instanceof HTMLDetailsElement) options.open = true;
  input.focus();
}

/**
 * The options in effect: the chosen ones, and the target's for the rest.
 *
 * @param {HTMLFormElement} form
 * @returns {Record<string, string | undefined>}
 */
export function optionsOf(form) {
  const chosen = Object.fromEntries(
    fieldsOf(form).filter(([, value]) => typeof value === 'string'),
  );
  /** @type {HTMLSelectElement | null} */
  const target = form.querySelector('[data-presets]');
  const presets = JSON.parse(target?.dataset.presets ?? '{}');
  return { ...presets[target?.value ?? ''], ...chosen };
}
