import { CopyButton } from './code.tsx';

const bars = [14, 30, 52, 36, 66, 44, 78, 58, 34, 62, 88, 50, 70, 40, 56, 28, 46, 20];

/** What the service does, in two sentences. */
export const lead =
  'Generate videos from a single image and an audio file via a simple HTTP API. Submit a job, poll for status, get back a finished video.';

export const Hero = ({ publicUrl }: { publicUrl: string }) => (
  <section class="hero" id="top" aria-labelledby="title">
    <div>
      <h1 id="title">VidGen API</h1>
      <p class="lead">{lead}</p>
      <dl class="facts">
        <div>
          <dt>Base URL</dt>
          <dd>
            <code data-copy-source>{publicUrl}</code>
            <CopyButton what="Base URL" />
          </dd>
        </div>
        <div>
          <dt>Auth</dt>
          <dd>
            <code>X-API-Key</code>
          </dd>
        </div>
        <div>
          <dt>Format</dt>
          <dd>JSON; file uploads as multipart/form-data</dd>
        </div>
      </dl>
    </div>
    <Illustration />
  </section>
);

/** A picture and a wave that become a film. */
const Illustration = () => (
  <svg class="scene" viewBox="0 0 440 330" aria-hidden="true">
    <defs>
      <linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#27346b" />
        <stop offset=".5" stop-color="#7a5292" />
        <stop offset=".8" stop-color="#e37a6b" />
        <stop offset="1" stop-color="#f9c784" />
      </linearGradient>
      <clipPath id="film">
        <rect x="70" y="20" width="300" height="200" rx="18" />
      </clipPath>
    </defs>
    <g clip-path="url(#film)">
      <rect x="70" y="20" width="300" height="200" fill="url(#dusk)" />
      <circle cx="316" cy="138" r="27" fill="#ffe2a8" />
      <path d="M70 178c46-26 92-30 150-6s104 16 150-10v58H70z" fill="#3a2a5c" />
      <path d="M70 200c60-18 120-14 178 0s86 10 122 0v20H70z" fill="#221a3d" />
    </g>
    <circle class="scene-play" cx="220" cy="120" r="32" />
    <path class="scene-triangle" d="M211 105v30l25-15z" />
    <g class="scene-wave">
      {bars.map((height, index) => (
        <rect x={79 + index * 16} y={276 - height / 2} width="9" height={height} rx="4.5" />
      ))}
    </g>
  </svg>
);
