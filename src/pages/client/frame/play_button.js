/**
 * Shows the button in place of the browser's controls, so that nothing covers the picture until it plays.
 *
 * @param {HTMLVideoElement} video
 * @param {HTMLElement} button
 */
export function coverWithPlay(video, button) {
  video.controls = false;
  button.hidden = false;
  const uncover = () => {
    video.controls = true;
    button.hidden = true;
  };
  const play = () => {
    uncover();
    video.focus();
    video.play().catch(() => {});
  };
  video.addEventListener('play', uncover, { once: true });
  video.addEventListener('click', () => video.controls || play());
  button.onclick = play;
}
