import type { Cue, Run } from './cue.ts';
import { writeTime } from './times.ts';

/** The cues as a WebVTT file, the format that browsers read. */
export function toWebVtt(cues: Cue[]): string {
  return ['WEBVTT\n', ...cues.map(cueText)].join('\n');
}

const cueText = ({ fromMs, toMs, lines, top }: Cue) =>
  `${writeTime(fromMs)} --> ${writeTime(toMs)}${top ? ' line:0' : ''}\n${lines.map(lineText).join('\n')}\n`;

const lineText = (runs: Run[]) => runs.map(runText).join('');

function runText({ text, italic, bold, underline }: Run): string {
  const tags = [italic && 'i', bold && 'b', underline && 'u'].filter((tag) => tag !== undefined);
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return tags.reduce((inner, tag) => `<${tag}>${inner}</${tag}>`, escaped);
}
