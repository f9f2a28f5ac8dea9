import { element, find } from './element.js';

/**
 * A place to drop or choose a file, with a preview and a word about what the service will refuse.
 *
 * @param {HTMLElement} drop
 * @param {() => void} onChange
 */
export function startDrop(drop, onChange) {
  /** @type {HTMLInputElement} */
  const input = find('input', drop);
  const preview = find('[data-preview]', drop);
  const warning = find('[data-warning]', drop);
  const hint = find('.drop-hint', drop);
  let url = '';

  const show = () => {
    const [file] = input.files ?? [];
    URL.revokeObjectURL(url);
    preview.replaceChildren();
    hint.textContent = file
      ? `${file.name}, ${sizeOf(file.size)}`
      : 'Drop a file here, or choose one';
    warning.textContent = file ? problemOf(file, input, Number(drop.dataset.maxBytes)) : '';
    drop.classList.toggle('has-file', Boolean(file));
    if (file) {
      url = URL.createObjectURL(file);
      preview.append(previewOf(input.name, url));
    }
    onChange();
  };
  input.addEventListener('change', show);
  for (const name of ['dragover', 'dragenter', 'dragleave', 'drop']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle('is-over', name === 'dragover' || name === 'dragenter');
    });
  }
  drop.addEventListener('drop', ({ dataTransfer }) => {
    if (dataTransfer?.files[0]) take(dataTransfer.files[0]);
  });

  /** @param {File} file */
  function take(file) {
    const list = new DataTransfer();
    list.items.add(file);
    input.files = list.files;
    show();
  }
  return {
    name: input.name,
    take,
    get file() {
      return input.files?.[0];
    },
    /** @param {string} message of the service, about this file */
    refuse: (message) => {
      warning.textContent = message;
      input.focus();
    },
  };
}

/**
 * @param {string} kind image or audio
 * @param {string} url
 */
function previewOf(kind, url) {
  const made =
    kind === 'image'
      ? element('img', { src: url, alt: 'Selected image' })
      : element('audio', { src: url, controls: true, 'aria-label': 'Selected audio' });
  // What the browser cannot show it does not show.
  made.addEventListener('error', () => made.remove());
  return made;
}

/**
 * The bytes decide, and the service looks at them; this is an early word.
 *
 * @param {File} file
 * @param {HTMLInputElement} input
 * @param {number} maxBytes
 */
function problemOf(file, input, maxBytes) {
  if (file.size > maxBytes)
    return `Larger than ${Math.floor(maxBytes / 2 ** 20)} MB — the upload will be rejected.`;
  const kind = input.name === 'image' ? /^image\/(jpeg|png|webp)$/ : /^(audio\/|video\/(mp4|ogg))/;
  if (file.type && !kind.test(file.type)) return `${file.type} probably isn't supported.`;
  return '';
}

/** @param {number} bytes */
function sizeOf(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** The files that come with VidGen, as one would choose them. */
export const sampleFiles = () =>
  Promise.all([
    sampleFile('portrait.jpg', 'image/jpeg'),
    sampleFile('voiceover.mp3', 'audio/mpeg'),
  ]);

/**
 * @param {string} name
 * @param {string} type
 */
async function sampleFile(name, type) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error('The sample files are missing.');
  return new File([await response.blob()], name, { type });
}
