// Larger files would take the browser seconds, and much memory, to decode.
const mostBytes = 20 * 2 ** 20;
const count = 96;
const sampleRate = 8_000;

/**
 * The shape of a sound: the peak of each of 96 equal parts, from 0 to 1. Empty if the file is too large or the
 * browser cannot decode it.
 *
 * @param {Blob} file
 * @returns {Promise<number[]>}
 */
export async function peaksOf(file) {
  if (file.size > mostBytes) return [];
  try {
    const context = new OfflineAudioContext(1, 1, sampleRate);
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    return peaks(sound.getChannelData(0));
  } catch {
    return [];
  }
}

/** @param {Float32Array} samples */
function peaks(samples) {
  const found = Array.from({ length: count }, (_, index) => {
    let most = 0;
    const end = Math.floor(((index + 1) * samples.length) / count);
    for (let at = Math.floor((index * samples.length) / count); at < end; at += 1)
      most = Math.max(most, Math.abs(samples[at] ?? 0));
    return most;
  });
  const most = Math.max(...found);
  return most > 0 ? found.map((peak) => peak / most) : found;
}

/**
 * Reads peaks that are written as one base-36 digit each.
 *
 * @param {string} text
 */
export const peaksFrom = (text) => [...text].map((digit) => Number.parseInt(digit, 36) / 35);

/**
 * Draws the shape. The part up to `share` (0 to 1) has the color `played`.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} peaks
 * @param {{ share?: number, played: string, rest: string, style?: string }} look
 */
export function drawWave(canvas, peaks, { share = 0, played, rest, style = 'bars' }) {
  const scale = globalThis.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d');
  if (!pen || width === 0 || peaks.length === 0) return;
  pen.scale(scale, scale);
  const bars = Math.max(1, Math.min(peaks.length, Math.floor(width / 4)));
  const step = width / bars;
  pen.lineWidth = style === 'line' ? 2 : Math.max(2, step * 0.55);
  pen.lineCap = 'round';
  const reach = height - pen.lineWidth;
  let last = height / 2;
  for (let bar = 0; bar < bars; bar += 1) {
    const part = peaks.slice(
      Math.floor((bar * peaks.length) / bars),
      Math.ceil(((bar + 1) * peaks.length) / bars),
    );
    const half = (Math.max(...part) * reach) / 2;
    const x = (bar + 0.5) * step;
    pen.strokeStyle = (bar + 0.5) / bars <= share ? played : rest;
    pen.beginPath();
    if (style === 'line') {
      const y = height / 2 + (bar % 2 ? half : -half);
      pen.moveTo(x - step, last);
      pen.lineTo(x, y);
      last = y;
    } else {
      pen.moveTo(x, height / 2 - half);
      pen.lineTo(x, height / 2 + half);
    }
    pen.stroke();
  }
}
