import { open, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { drawCaptions } from './draw_captions.ts';
import type { DrawAnswer, DrawRequest } from './draw_in_box.ts';

// This program draws a caller's text where it can do no harm. See draw_in_box.ts.
draw(process.argv.at(-1) ?? '').then(
  (answer) => process.stdout.write(JSON.stringify(answer)),
  (error) => {
    process.stderr.write(String(error?.stack ?? error));
    process.exitCode = 1;
  },
);

const deflate = promisify(deflateRaw);

async function draw(requestPath: string): Promise<DrawAnswer> {
  const { pictures, canvas, language, path }: DrawRequest = JSON.parse(
    await readFile(requestPath, 'utf8'),
  );
  const out = await open(path, 'w');
  let offset = 0;
  const answer: DrawAnswer = [];
  try {
    for (const cues of pictures) {
      const stored: DrawAnswer[number] = [];
      for (const { rgba, ...place } of await drawCaptions(cues, canvas, language)) {
        const deflated = await deflate(rgba, { level: 1 });
        await out.write(deflated);
        stored.push({ ...place, offset, bytes: deflated.length });
        offset += deflated.length;
      }
      answer.push(stored);
    }
  } finally {
    await out.close();
  }
  return answer;
}
