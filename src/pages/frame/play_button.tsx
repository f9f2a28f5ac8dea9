/** Covers a video until it plays; play_button.js shows it. */
export const PlayButton = () => (
  <button type="button" class="play" data-play aria-label="Play" hidden>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 4v16l13-8z" />
    </svg>
  </button>
);
