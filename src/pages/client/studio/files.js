import { lengthOf, sizeOf } from '../../frame/measures.ts';
import { find } from '../frame/element.js';
import { listOf } from './given_files.js';

/**
 * A chip that holds a file: the sample until the visitor drops, pastes or chooses another.
 *
 * @param {HTMLElement} chip
 * @param {(file: File | undefined, url: string) => void} onChange undefined stands for the sample
 */
export function startChip(chip, onChange) {
  /** @type {HTMLInputElement} */
  const input = find('input', chip);
  const name = find('[data-file-name]', chip);
  const about = find('[data-about]', chip);
  const warning = find('[data-warning]', chip);
  const sample = chip.dataset.sample ?? '';
  const ofSample = about.textContent ?? '';
  const sampleUrl = new URL(sample, import.meta.url).href;
  let url = sampleUrl;

  const show = () => {
    const [file] = input.files ?? [];
    if (url !== sampleUrl) URL.revokeObjectURL(url);
    url = file ? URL.createObjectURL(file) : sampleUrl;
    name.textContent = file?.name ?? sample;
    about.textContent = file ? sizeOf(file.size) : ofSample;
    warning.textContent = file ? problemOf(file, input, Number(chip.dataset.maxBytes)) : '';
    if (file) measure(input.name, url, (size) => about.prepend(`${size}, `));
    onChange(file, url);
  };
  input.addEventListener('change', show);

  /** @param {File[]} files none: the sample again */
  const take = (...files) => {
    input.files = listOf(...files);
    show();
  };
  return {
    name: input.name,
    take,
    get url() {
      return url;
    },
    /** The name of the file in a command. */
    get fileName() {
      return input.files?.[0]?.name ?? sample;
    },
    /** Whether it still holds the sample. */
    get isSample() {
      return !input.files?.[0];
    },
    /** The file to send. Throws when the sample cannot be loaded. */
    file: async () => input.files?.[0] ?? sampleFile(sample),
    /** @param {string} message of the service, about this file */
    refuse: (message) => {
      warning.textContent = message;
      input.focus();
    },
  };
}

/**
 * Reports the dimensions of a picture or the length of a sound, if the browser can read the format.
 *
 * @param {string} kind image or audio
 * @param {string} url
 * @param {(size: string) => void} tell
 */
function measure(kind, url, tell) {
  if (kind === 'image') {
    const image = new Image();
    image.addEventListener('load', () => tell(`${image.naturalWidth} × ${image.naturalHeight}`));
    image.src = url;
    return;
  }
  const audio = new Audio(url);
  audio.addEventListener('loadedmetadata', () => {
    if (Number.isFinite(audio.duration)) tell(lengthOf(audio.duration));
  });
}

/**
 * An early warning about a file; the service judges by its bytes. '' if nothing seems wrong.
 *
 * @param {File} file
 * @param {HTMLInputElement} input
 * @param {number} maxBytes
 */
function problemOf(file, input, maxBytes) {
  if (file.size > maxBytes)
    return `Larger than ${Math.floor(maxBytes / 2 ** 20)} MB — the upload will be rejected.`;
  const [kind, wanted] =
    input.name === 'image'
      ? [/^image\/(jpeg|png|webp)$/, 'a JPEG, PNG or WebP image']
      : [/^(audio\/|video\/(mp4|ogg))/, 'an MP3, WAV, M4A or OGG file'];
  if (file.type && !kind.test(file.type))
    return `${file.type} probably isn't supported. Choose ${wanted}.`;
  return '';
}

/** The sample files, as if the visitor had chosen them. */
export const sampleFiles = () =>
  Promise.all([sampleFile('portrait.jpg'), sampleFile('voiceover.mp3')]);

/** @param {string} name */
async function sampleFile(name) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error('The sample files are missing.');
  const type = response.headers.get('Content-Type') ?? '';
  return new File([await response.blob()], name, { type });
}
