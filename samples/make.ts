/**
 * Makes the samples of this folder, and prints the shape of the sound, which src/pages/reference/samples.ts has:
 * `node --import tsx samples/make.ts`.
 * The portrait is drawn here; the voice is Flite's, by an ffmpeg that was built with it. Free to use.
 */
import { execFileSync } from 'node:child_process';
import sharp from 'sharp';

const portrait = `
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 1500">
  <defs>
    <linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#1d2b5a"/><stop offset="0.45" stop-color="#6b4a8b"/>
      <stop offset="0.75" stop-color="#e37a6b"/><stop offset="1" stop-color="#f9c784"/>
    </linearGradient>
    <radialGradient id="sun"><stop offset="0" stop-color="#ffe9b8"/><stop offset="0.7" stop-color="#ffcf87"/><stop offset="1" stop-color="#ffb46b"/></radialGradient>
    <linearGradient id="skin" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#f0b48c"/><stop offset="1" stop-color="#d98e68"/></linearGradient>
    <linearGradient id="hair" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#4a2a33"/><stop offset="1" stop-color="#22131f"/></linearGradient>
    <linearGradient id="coat" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#1f7a7a"/><stop offset="1" stop-color="#0e4350"/></linearGradient>
    <filter id="soft"><feGaussianBlur stdDeviation="26"/></filter>
    <clipPath id="face"><path d="M420 560 Q414 400 600 392 Q786 400 780 560 Q784 700 732 790 Q668 872 600 876 Q532 872 468 790 Q416 700 420 560Z"/></clipPath>
  </defs>
  <rect width="1200" height="1500" fill="url(#dusk)"/>
  <circle cx="600" cy="600" r="450" fill="#ffd79a" opacity="0.3" filter="url(#soft)"/>
  <circle cx="600" cy="600" r="385" fill="url(#sun)"/>
  <g fill="#fff4dc">${stars()}</g>
  <path d="M0 1130 Q220 990 420 1090 T800 1060 T1200 1010 V1500 H0Z" fill="#5a3a72" opacity="0.75"/>
  <path d="M0 1230 Q260 1120 520 1200 T1200 1150 V1500 H0Z" fill="#3d2a5c" opacity="0.85"/>

  <path d="M384 640 Q330 330 596 312 Q872 318 822 640 Q850 840 796 990 Q600 1060 404 990 Q350 840 384 640Z" fill="url(#hair)"/>
  <path d="M520 800 H680 V985 Q600 1080 520 985Z" fill="#c97f5b"/>
  <path d="M520 850 Q600 930 680 850 V905 Q600 980 520 905Z" fill="#a8623f" opacity="0.55"/>
  <path d="M150 1500 Q170 1130 420 1045 Q500 1016 524 965 Q600 1065 676 965 Q700 1016 780 1045 Q1030 1130 1050 1500Z" fill="url(#coat)"/>
  <path d="M524 965 Q600 1065 676 965 L712 1020 Q600 1230 488 1020Z" fill="#f6efe2"/>
  <path d="M524 965 L488 1020 L420 1045 L585 1260 L600 1140Z M676 965 L712 1020 L780 1045 L615 1260 L600 1140Z" fill="#15606a"/>
  <circle cx="600" cy="1330" r="13" fill="#f9c784"/><circle cx="600" cy="1425" r="13" fill="#f9c784"/>

  <path d="M420 560 Q414 400 600 392 Q786 400 780 560 Q784 700 732 790 Q668 872 600 876 Q532 872 468 790 Q416 700 420 560Z" fill="url(#skin)"/>
  <g clip-path="url(#face)">
    <path d="M690 380 Q830 620 640 890 L860 890 V380Z" fill="#b9694c" opacity="0.28"/>
    <circle cx="476" cy="700" r="62" fill="#ef7f6b" opacity="0.35" filter="url(#soft)"/>
    <circle cx="724" cy="700" r="62" fill="#ef7f6b" opacity="0.35" filter="url(#soft)"/>
  </g>
  <path d="M396 620 Q380 380 600 350 Q560 470 436 520 Q410 560 396 620Z M804 620 Q826 390 600 350 Q650 450 764 520 Q790 560 804 620Z" fill="url(#hair)"/>
  <path d="M430 470 Q520 430 590 360" stroke="#7a4a4f" stroke-width="6" fill="none" opacity="0.7"/>
  <path d="M640 372 Q700 440 778 478" stroke="#7a4a4f" stroke-width="6" fill="none" opacity="0.7"/>

  <g fill="none" stroke="#3a1f26" stroke-linecap="round">
    <path d="M462 568 Q506 540 556 564" stroke-width="13"/><path d="M644 564 Q694 540 738 568" stroke-width="13"/>
    <path d="M470 622 Q510 588 552 624" stroke-width="9"/><path d="M648 624 Q690 588 730 622" stroke-width="9"/>
    <path d="M600 630 Q622 690 612 716 Q600 728 584 720" stroke="#a8623f" stroke-width="8"/>
  </g>
  <g><ellipse cx="511" cy="626" rx="27" ry="22" fill="#fffaf0"/><ellipse cx="689" cy="626" rx="27" ry="22" fill="#fffaf0"/>
     <circle cx="513" cy="626" r="18" fill="#2f6f62"/><circle cx="687" cy="626" r="18" fill="#2f6f62"/>
     <circle cx="513" cy="626" r="9" fill="#16191f"/><circle cx="687" cy="626" r="9" fill="#16191f"/>
     <circle cx="519" cy="619" r="5" fill="#fff"/><circle cx="693" cy="619" r="5" fill="#fff"/></g>
  <path d="M524 776 Q560 764 600 770 Q640 764 676 776 Q640 826 600 828 Q560 826 524 776Z" fill="#b5413f"/>
  <path d="M536 778 Q600 792 664 778 Q640 800 600 802 Q560 800 536 778Z" fill="#fff6ee"/>
  <circle cx="420" cy="728" r="14" fill="#f9c784"/><circle cx="780" cy="728" r="14" fill="#f9c784"/>
</svg>`;

const spoken =
  'Hello, and welcome to Vid Gen. You send one picture, and one recording of your voice. ' +
  'A moment later, you get back a finished video, ready to play and to share anywhere. ' +
  'This one was made in about a second.';

function stars(): string {
  const places = Array.from({ length: 46 }, (_, i) => [
    (i * 397 + 61) % 1200,
    (i * 229 + 37) % 560,
  ]);
  return places
    .filter(([x = 0, y = 0]) => Math.hypot(x - 600, y - 600) > 440)
    .map(
      ([x, y], i) =>
        `<circle cx="${x}" cy="${y}" r="${2 + (i % 3)}" opacity="${0.4 + (i % 5) / 10}"/>`,
    )
    .join('');
}

await sharp(Buffer.from(portrait), { density: 72 })
  .resize(1200, 1500)
  .jpeg({ quality: 86, mozjpeg: true })
  .toFile('samples/portrait.jpg');
// What the page shows at once, within the weight of its first load.
await sharp('samples/portrait.jpg')
  .resize(360)
  .webp({ quality: 50, effort: 6 })
  .toFile('samples/portrait-360.webp');

execFileSync('ffmpeg', [
  ...[
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    `flite=voice=slt:text='${spoken.replaceAll(',', '\\,')}'`,
  ],
  ...[
    '-af',
    'highpass=f=70,atempo=0.97,adelay=250:all=1,apad=pad_dur=0.4,loudnorm=I=-17:TP=-1.5,aresample=44100',
  ],
  ...[
    '-ac',
    '1',
    '-c:a',
    'libmp3lame',
    '-b:a',
    '64k',
    '-map_metadata',
    '-1',
    'samples/voiceover.mp3',
  ],
]);

const decoded = execFileSync('ffmpeg', [
  ...['-v', 'error', '-i', 'samples/voiceover.mp3', '-ac', '1', '-ar', '8000', '-f', 'f32le', '-'],
]);
const sound = new Float32Array(new Uint8Array(decoded).buffer);
const parts = 96;
const peaks = Array.from({ length: parts }, (_, part) => {
  const [from, to] = [part, part + 1].map((at) => Math.floor((at * sound.length) / parts));
  return sound.slice(from, to).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
});
const loudest = Math.max(...peaks);
console.log(peaks.map((peak) => Math.round((peak / loudest) * 35).toString(36)).join(''));
