/** The logo: a waveform in a frame, for sound and picture. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect x="1" y="1" width="30" height="30" rx="8" />
    <path d="M8 13v6M12.5 9.5v13M17 12v8M21.5 7.5v17M26 14v4" />
  </svg>
);

/** The last line of the pages that visitors of a share link see. */
export const Maker = ({ base }: { base: string }) => (
  <p class="maker">
    <a href={`${base}/`}>
      <Mark /> Made with VidGen
    </a>
  </p>
);
