import { writeFile } from 'node:fs/promises';
import { MediaError } from '../errors.ts';
import type { Refusal } from '../ffmpeg/run_own_program.ts';
import { composeFrame, NotAlone } from './compose_frame.ts';
import type { ComposeAnswer, ComposeRequest } from './compose_in_box.ts';

// This program decodes a caller's picture where it can do no harm. See compose_in_box.ts.
compose(JSON.parse(process.argv.at(-1) ?? '')).then(
  (answer) => process.stdout.write(JSON.stringify(answer)),
  (error) => {
    process.stderr.write(String(error?.stack ?? error));
    process.exitCode = 1;
  },
);

async function compose(request: ComposeRequest): Promise<ComposeAnswer | Refusal> {
  const { path, type, canvas, limits, rgbPath } = request;
  try {
    const { rgb, source } = await composeFrame(path, type, canvas, limits);
    await writeFile(rgbPath, rgb);
    return { source };
  } catch (error) {
    if (error instanceof NotAlone) return 'not alone';
    if (!(error instanceof MediaError)) throw error;
    return { refusal: error.message, cause: String(error.cause ?? '') };
  }
}
