import sharp from 'sharp';
import type { Frame } from './compose_frame.ts';
import type { MeasuredWaveform } from './waveform.ts';

/** The poster is chosen among this many frames, because it shows the start of the video. */
const searched = 1_500;

/** The frame with the waveform over it, at a moment when there is much to see. */
export async function withWaveform(frame: Frame, waveform: MeasuredWaveform): Promise<Frame> {
  const { place, color, design, levels } = waveform;
  const { pixels } = design.draw(levels)(livelyMoment(waveform));
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(color.slice(at, at + 2), 16),
  );
  const ink = Buffer.alloc(pixels.length * 4);
  for (const [i, covered] of pixels.entries()) ink.set([red, green, blue, covered], i * 4);
  const { width, height } = frame;
  const rgb = await sharp(frame.rgb, { raw: { width, height, channels: 3 } })
    .composite([
      {
        input: ink,
        raw: { width: place.width, height: place.height, channels: 4 },
        left: place.x,
        top: place.y,
      },
    ])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { ...frame, rgb };
}

/** The loudest frame; for sound in one band, whose progress is shown, a third of the way. */
function livelyMoment({ levels: { values, bands, frames } }: MeasuredWaveform): number {
  if (bands === 1) return Math.floor(frames / 3);
  let [liveliest, most] = [0, 0];
  for (let frame = 0; frame < Math.min(frames, searched); frame++) {
    let sum = 0;
    for (let i = 0; i < bands; i++) sum += values[frame * bands + i] as number;
    if (sum > most) [liveliest, most] = [frame, sum];
  }
  return liveliest;
}
