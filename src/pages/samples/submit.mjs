import { openAsBlob } from 'node:fs';

const form = new FormData();
form.append('image', await openAsBlob('portrait.jpg'), 'portrait.jpg');
form.append('audio', await openAsBlob('voiceover.mp3'), 'voiceover.mp3');
form.append('webhookUrl', 'https://your.app/hooks/vidgen');

const response = await fetch('https://example.com/api/jobs', {
  method: 'POST',
  headers: { 'X-API-Key': process.env.YOUR_API_KEY },
  body: form,
});
const answer = await response.json();
if (!response.ok) throw new Error(answer.error);
console.log(answer.jobId);
