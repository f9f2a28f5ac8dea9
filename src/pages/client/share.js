import { find } from './element.js';

const button = find('[data-copy-link]');
const said = find('[data-copied]');
button.addEventListener('click', async () => {
  said.textContent = await navigator.clipboard.writeText(button.dataset.copyLink ?? '').then(
    () => 'Link copied.',
    () => "Couldn't copy the link. Copy it from the address bar.",
  );
});
