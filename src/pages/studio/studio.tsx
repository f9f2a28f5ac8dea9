import { endpointOf } from '../../openapi/endpoints.ts';
import { maxFileSize } from '../../upload/max_file.ts';
import { assetPath } from '../frame/assets.ts';
import { basePath } from '../frame/page_headers.ts';
import { PlayButton } from '../frame/play_button.tsx';
import { samplePeaks } from '../reference/samples.ts';
import { Input, inputOf, requiredFiles } from '../reference/try_panel.tsx';
import { Options } from './options.tsx';

const samples: Record<string, { name: string; about: string }> = {
  image: { name: 'portrait.jpg', about: '1200 × 1500, 70 KB' },
  audio: { name: 'voiceover.mp3', about: '0:13, 107 KB' },
};

/** Where visitors make their first video: key, files and options on the left, the preview on the right. */
export const Studio = ({
  publicUrl,
  maxFileBytes,
}: {
  publicUrl: string;
  maxFileBytes: number;
}) => {
  const { id, method, path, form, parameters = [] } = endpointOf('createJob');
  if (!form) throw new Error('There is no form to submit a job with.');
  const base = basePath(publicUrl);
  return (
    <section class="studio" id="studio" aria-labelledby="studio-title">
      <h2 class="unseen" id="studio-title">
        Make a video
      </h2>
      <div class="studio-grid">
        <KeyBox />
        <form
          id={`try-${id}`}
          data-try={id}
          data-method={method}
          data-path={path}
          data-key=""
          novalidate
        >
          <div class="controls needs-scripts">
            <div class="chips">
              {requiredFiles(form).map(([name, accept]) => (
                <Chip {...{ name, accept, base, maxFileBytes }} />
              ))}
            </div>
            <Options form={form} id={id}>
              {parameters.flatMap(({ in: place, schema }) =>
                Object.entries(schema.shape).map(([name, field]) => (
                  <Input form={id} name={name} place={place} {...inputOf(field)} />
                )),
              )}
            </Options>
            <div class="row">
              <button type="submit" class="primary big">
                Make the video
              </button>
              <button type="button" class="link" data-samples hidden>
                Use sample files
              </button>
            </div>
            <p class="note" data-hint role="status" />
          </div>
          <div class="outcome" data-outcome />
          <Stage base={base} />
          <div class="folds needs-scripts">
            <details class="fold" data-curl>
              <summary>Show as curl</summary>
            </details>
            <div data-response />
          </div>
        </form>
      </div>
      <YourVideos />
    </section>
  );
};

const KeyBox = () => (
  <div class="key">
    <p class="key-head">
      <label for="key">Your API key</label>
      <span class="key-state" id="key-state" role="status" data-state="none" />
    </p>
    <div class="row needs-scripts">
      <input
        id="key"
        type="password"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder="vg_…"
        aria-describedby="key-note"
      />
      <button type="button" id="key-show" aria-pressed="false">
        Show
      </button>
      <button type="button" id="key-clear">
        Clear
      </button>
    </div>
    <p class="note" id="key-note">
      Stored only in your browser's <code>localStorage</code>. The "Try it" panels below will use
      this key automatically.
    </p>
    <noscript>
      <p class="note">
        JavaScript is disabled, so this page can't send requests. Use the curl command under Quick
        start instead.
      </p>
    </noscript>
  </div>
);

type ChipOptions = { name: string; accept: string; base: string; maxFileBytes: number };

const Chip = ({ name, accept, base, maxFileBytes }: ChipOptions) => {
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

/** The preview: the picture as the options frame it, on its own blur, and the waveform below it. */
const Stage = ({ base }: { base: string }) => {
  const picture = base + assetPath('portrait-360.webp');
  return (
    <div class="stage" data-stage data-peaks={samplePeaks}>
      <img class="stage-ambient" src={picture} alt="" data-picture />
      <div class="stage-shown">
        <div class="stage-frame" data-frame data-ratio="source" data-fit="contain">
          <img class="stage-blur" src={picture} alt="" data-picture />
          <img class="stage-picture" src={picture} alt="What the video will show" data-picture />
          <canvas class="stage-overlay" data-overlay />
          <p class="stage-caption" data-caption hidden />
          <PlayButton />
        </div>
        <div class="stage-wave" data-wave>
          <canvas />
        </div>
      </div>
    </div>
  );
};

const YourVideos = () => (
  <div class="videos" id="videos" hidden>
    <h3>Your videos</h3>
    <ul data-videos />
  </div>
);
