import { CaptionsError, type Cue } from './cue.ts';
import { decodeCaptions, lineEnd } from './decode.ts';
import { readMarkup } from './markup.ts';
import { isMeantAsTimes, readTimes, type Times } from './times.ts';

// Our own, because the parsers on npm either skip a broken cue silently or refuse what players play, and none
// of them knows both formats and the line of an error.

/**
 * Reads SubRip or WebVTT, told apart by their first line, as tolerantly as players do. The cues are sorted by
 * time and may overlap. Throws CaptionsError for a broken cue and when there is none.
 */
export function parseCaptions(captions: Uint8Array | string): Cue[] {
  const text =
    typeof captions === 'string' ? captions.replace(/^\ufeff/, '') : decodeCaptions(captions);
  const lines = text.split(lineEnd);
  const isWebVtt = /^WEBVTT(?:\s|$)/.test(text);
  const blocks = isWebVtt ? webVttBlocks(lines) : subRipBlocks(lines);
  const cues = blocks.flatMap((block) => readCue(block, isWebVtt));
  if (cues.length === 0) throw new CaptionsError(1, 'there is no cue with text in the file.');
  return cues.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

type Block = { line: number; times: Times; text: string[] };

function readCue({ line, times, text }: Block, isWebVtt: boolean): Cue[] {
  const { fromMs, toMs, settings } = times;
  if (toMs < fromMs)
    throw new CaptionsError(line, 'the cue ends before it begins. Correct its times.');
  const { lines, top } = readMarkup(text.join('\n'), isWebVtt);
  // No player ever shows such a cue.
  if (lines.length === 0 || toMs === fromMs) return [];
  return [{ fromMs, toMs, lines, ...((top || isHigh(settings)) && { top: true as const }) }];
}

/** `line` counts lines from the top, or from the bottom if negative, or is a percentage of the height. */
function isHigh(settings: string): boolean {
  const [, at, percent] = /(?:^|\s)line:(-?\d+(?:\.\d+)?)(%?)/.exec(settings) ?? [];
  return at !== undefined && !at.startsWith('-') && Number(at) < (percent ? 50 : 8);
}

/** Blank lines end a block. The first is the header, and some blocks are not cues. */
function webVttBlocks(lines: string[]): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  const isBlank = () => lines[at]?.trim() === '';
  // Cues may follow the header directly, though they should not.
  while (at < lines.length && !isBlank() && !lines[at]?.includes('-->')) at++;
  while (at < lines.length) {
    const start = at;
    while (at < lines.length && !isBlank()) at++;
    const block = lines.slice(start, at++);
    if (block.length === 0 || /^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(block[0] as string)) continue;
    const timesAt = block.slice(0, 2).findIndex(isMeantAsTimes);
    if (timesAt < 0) {
      const what =
        'this text has no times before it. Write them above it, or remove the blank line that separates it from its cue.';
      throw new CaptionsError(start + 1, what);
    }
    const line = start + timesAt + 1;
    blocks.push({ line, times: timesOf(block[timesAt], line), text: block.slice(timesAt + 1) });
  }
  return blocks;
}

/** Times start a block, usually after a number. Blank lines may be part of the text. */
function subRipBlocks(lines: string[]): Block[] {
  const blocks: Block[] = [];
  const isNumbered = isNumber(lines.find((line) => line.trim() !== ''));
  for (const [at, text] of lines.entries()) {
    const line = at + 1;
    const last = blocks.at(-1);
    if (isMeantAsTimes(text)) {
      if (last && isNumbered) dropNumber(last.text);
      blocks.push({ line, times: timesOf(text, line), text: [] });
    } else if (last) {
      const opensCue = isNumber(last.text.at(-1)) && last.text.at(-2)?.trim() === '';
      if (isNumbered && opensCue && text.trim() !== '') throw notTimes(text, line);
      last.text.push(text);
    } else if (text.trim() !== '' && !isNumber(text)) {
      throw notTimes(text, line);
    }
  }
  return blocks;
}

/** The number of the next cue, which follows the text of this one. */
function dropNumber(text: string[]) {
  const at = text.findLastIndex((line) => line.trim() !== '');
  if (at >= 0 && isNumber(text[at])) text.length = at;
}

const isNumber = (line: string | undefined) => /^\s*\d+\s*$/.test(line ?? '');

function timesOf(text = '', line: number): Times {
  const times = readTimes(text);
  if (!times) throw notTimes(text, line);
  return times;
}

function notTimes(text: string, line: number): CaptionsError {
  const said = text.trim().slice(0, 60);
  const what = `times were expected, like 00:00:01,000 --> 00:00:02,500, but it says "${said}".`;
  return new CaptionsError(line, what);
}
