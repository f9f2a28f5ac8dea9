import { find } from './element.js';

const button = find('[data-copy-link]');
const said = find('[data-copied]');
button.addEventListener('click', async () => {
  said.textContent = await navigator.clipboard.writeText(button.dataset.copyLink ?? '').then(
    () => 'The link is copied.',
    () => 'This browser does not allow it: copy the address above.',
  );
});
