import { find } from '../frame/element.js';

/**
 * Takes files that are dropped anywhere on the page or pasted, each into the field it belongs to.
 *
 * @param {HTMLFormElement} form
 * @param {{ name: string, take: (...files: File[]) => void }[]} chips
 */
export function acceptFiles(form, chips) {
  const hint = find('[data-hint]', form);
  /** @type {HTMLInputElement} */
  const captions = find('[name="captions"]', form);

  const take = (/** @type {Iterable<File>} */ files) => {
    hint.textContent = '';
    for (const file of files) {
      const field = fieldFor(file);
      if (field === captions.name) {
        captions.files = listOf(file);
        captions.dispatchEvent(new Event('change', { bubbles: true }));
      } else if (field) chips.find(({ name }) => name === field)?.take(file);
      else hint.textContent = `${file.name || 'This file'} is not accepted. ${whatIs}`;
    }
  };
  /** Dragged or pasted text is left to the browser. @param {DataTransfer | null} given */
  const hasFiles = (given) => given?.types.includes('Files') ?? false;

  for (const name of /** @type {const} */ (['dragover', 'dragleave', 'drop'])) {
    document.addEventListener(name, (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      // By default, the browser leaves the page and opens the file.
      event.preventDefault();
      form.classList.toggle('is-over', name === 'dragover');
      if (name === 'drop') take(event.dataTransfer?.files ?? []);
    });
  }
  document.addEventListener('paste', ({ clipboardData }) => {
    if (hasFiles(clipboardData)) take(clipboardData?.files ?? []);
  });
}

const whatIs =
  'Choose a JPEG, PNG or WebP image, an MP3, WAV, M4A or OGG file, or captions as SRT or VTT.';

/**
 * The field that a file belongs to by its type or name, '' for none.
 *
 * @param {File} file
 */
function fieldFor({ type, name }) {
  if (/\.(srt|vtt)$/i.test(name)) return 'captions';
  if (type.startsWith('image/')) return 'image';
  return /^(audio|video)\//.test(type) ? 'audio' : '';
}

/** @param {...File} files */
export function listOf(...files) {
  const list = new DataTransfer();
  for (const file of files) list.items.add(file);
  return list.files;
}
