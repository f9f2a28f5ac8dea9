import { maxFileSize } from '../../upload/max_file.ts';
import { assetPath } from '../frame/assets.ts';

const samples: Record<string, { name: string; about: string }> = {
  image: { name: 'portrait.jpg', about: '1200 × 1500, 70 KB' },
  audio: { name: 'voiceover.mp3', about: '0:13, 107 KB' },
};

type ChipOptions = { name: string; accept: string; base: string; maxFileBytes: number };

/** An input for one file, with the sample in it. */
export const Chip = ({ name, accept, base, maxFileBytes }: ChipOptions) => {
  const sample = samples[name] ?? { name: '', about: '' };
  return (
    <div class="chip" data-drop={name} data-max-bytes={maxFileBytes} data-sample={sample.name}>
      {name === 'image' ? (
        <img
          class="chip-thumb"
          src={base + assetPath('portrait-360.webp')}
          alt=""
          width={44}
          height={55}
          data-thumb
        />
      ) : (
        <button type="button" class="chip-play" aria-label="Play the sound" data-listen>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path class="when-silent" d="M7 4v16l13-8z" />
            <path class="when-playing" d="M6 4h4v16H6zM14 4h4v16h-4z" />
          </svg>
        </button>
      )}
      <label for={`file-${name}`}>
        <span class="chip-name">
          <strong>{name}</strong> <span data-file-name>{sample.name}</span>
        </span>
        <span class="note" data-about>
          {sample.about}
        </span>
        <span class="chip-more">
          Drop, paste or choose your own: {formats(accept)}. Max {maxFileSize}.
        </span>
        <span class="chip-choose" aria-hidden="true">
          Choose your own…
        </span>
      </label>
      <input class="unseen" id={`file-${name}`} type="file" name={name} accept={accept} />
      <p class="warning" data-warning role="status" />
    </div>
  );
};

const formats = (accept: string) =>
  accept
    .replaceAll(/\b(image|audio)\//g, '')
    .replace('mpeg', 'mp3')
    .replace('mp4', 'm4a');
