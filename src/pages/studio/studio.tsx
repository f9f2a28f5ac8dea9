import { endpointOf } from '../../openapi/endpoints.ts';
import { assetPath } from '../frame/assets.ts';
import { basePath } from '../frame/page_headers.ts';
import { PlayButton } from '../frame/play_button.tsx';
import { samplePeaks } from '../reference/samples.ts';
import { Input, inputOf, requiredFiles } from '../reference/try_panel.tsx';
import { Chip } from './chip.tsx';
import { KeyBox } from './key_box.tsx';
import { Options } from './options.tsx';

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
