/**
 * Makes preview.jpg, which link previews show for the page: `node --import tsx samples/preview.ts`.
 */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { samplePeaks } from '../src/pages/reference/samples.ts';

const portrait = 'samples/portrait.jpg';
const fontfile = fileURLToPath(new URL('../fonts/NotoSans-SemiBold.ttf', import.meta.url));

const text = (markup: string, size: number) =>
  sharp({
    text: {
      text: markup,
      font: `Noto Sans SemiBold ${size}`,
      fontfile,
      rgba: true,
      spacing: 10,
      dpi: 72,
    },
  })
    .png()
    .toBuffer();

const rounded = (width: number, height: number) =>
  Buffer.from(
    `<svg width="${width}" height="${height}"><rect width="${width}" height="${height}" rx="24"/></svg>`,
  );

/** The sound of the sample; what has been played is filled. */
function wave(width: number, height: number): Buffer {
  const step = width / samplePeaks.length;
  const bars = [...samplePeaks].map((digit, index) => {
    const half = Math.max(3, (Number.parseInt(digit, 36) / 35) * height * 0.48);
    const x = (index + 0.5) * step;
    const color = index / samplePeaks.length < 0.62 ? '#f0917f' : '#8d87a3';
    return `<path d="M${x} ${height / 2 - half}V${height / 2 + half}" stroke="${color}" stroke-width="${step * 0.5}" stroke-linecap="round"/>`;
  });
  return Buffer.from(
    `<svg width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">${bars.join('')}</svg>`,
  );
}

const mark =
  Buffer.from(`<svg width="72" height="72" viewBox="0 0 32 32" xmlns="http://www.w3.org/2000/svg">
  <rect x="1" y="1" width="30" height="30" rx="8" fill="#c6adf6"/>
  <path d="M8 13v6M12.5 9.5v13M17 12v8M21.5 7.5v17M26 14v4" stroke="#1d1333" stroke-width="2.4" stroke-linecap="round"/>
</svg>`);

const ambient = await sharp(portrait)
  .resize(1200, 630, { fit: 'cover' })
  .blur(60)
  .modulate({ brightness: 0.36, saturation: 0.85 })
  .toBuffer();
const picture = await sharp(portrait)
  .resize(408, 510)
  .composite([{ input: rounded(408, 510), blend: 'dest-in' }])
  .png()
  .toBuffer();

await sharp(ambient)
  .composite([
    { input: picture, left: 712, top: 60 },
    { input: mark, left: 80, top: 76 },
    { input: await text('<span foreground="#ffffff">VidGen API</span>', 76), left: 78, top: 184 },
    {
      input: await text(
        '<span foreground="#d9d4e6">One image and one audio file\nbecome a finished video.</span>',
        36,
      ),
      left: 80,
      top: 300,
    },
    { input: wave(540, 110), left: 80, top: 446 },
  ])
  .jpeg({ quality: 86, mozjpeg: true })
  .toFile('samples/preview.jpg');
