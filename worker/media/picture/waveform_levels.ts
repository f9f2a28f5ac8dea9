import { machineError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { type AudioFile, decodingBudget, untrusted } from '../sound/decoders.ts';
import { frameRate } from './picture_track.ts';
import { spectrumMeter, windowSamples } from './waveform_spectrum.ts';

/** How loud the sound is in each frequency band at each frame, 0 to 1, adjusted for the eye. */
export type Levels = { bands: number; frames: number; values: Float32Array };

const sampleRate = 16_000;
const hop = sampleRate / frameRate;
/** Where voices and instruments have their power, in Hz. */
const [lowest, highest] = [90, 6_000];
/**
 * A band is drawn flat when it is this far below its loudest: less when the sound is even, to show its
 * movement.
 */
const rangeDb = { least: 14, most: 38 };
/** The floor is this far below the quietest tenth of what is heard. */
const belowQuietDb = 8;
/** The loudest moment of a band counts as at least this, so that inaudible noise is not magnified. */
const quietestDb = -54;
/** The same for a band with little of the whole sound. */
const bandBelowAllDb = 24;
/** This share of the frames that are not silent is quieter than what counts as the loudest. */
const loudestQuantile = 0.96;
const quietQuantile = 0.1;
const silenceDb = -90;
/** Makes loud moments stand out. */
const curve = 1.25;
/** Leaves room above, for peaks. */
const headroom = 0.88;

/** Decodes the sound and measures it. Memory: `bands` × 4 bytes per frame. */
export async function measureLevels(
  machine: Machine,
  source: AudioFile,
  bands: number,
  frames: number,
  onProgress: (fraction: number) => void,
): Promise<Levels> {
  const decibels = new Float32Array(bands * frames).fill(-120);
  const meter = spectrumMeter(bandEdges(bands));
  const powers = new Float32Array(bands);
  // The window of the first frame starts before the sound.
  const window = new Float32Array(windowSamples + hop);
  let filled = (windowSamples - hop) / 2;
  let frame = 0;
  const take = (sample: number) => {
    window[filled++] = sample;
    if (filled < windowSamples || frame >= frames) return;
    meter(window, powers);
    for (let i = 0; i < bands; i++)
      decibels[frame * bands + i] = 10 * Math.log10((powers[i] as number) + 1e-12);
    window.copyWithin(0, hop, windowSamples);
    filled = windowSamples - hop;
    frame++;
  };
  await decode(machine, source, take, () => onProgress(frame / frames));
  for (let i = 0; i < windowSamples; i++) take(0);
  normalise(decibels, bands);
  ease(decibels, bands);
  return { bands, frames, values: decibels };
}

async function decode(
  machine: Machine,
  source: AudioFile,
  take: (sample: number) => void,
  onChunk: () => void,
) {
  let odd: number | undefined;
  const limitSeconds = 60 + machine.maxAudioSeconds;
  const { code, stderr } = await runFfmpeg(
    command()
      .input(source.path)
      .inputOptions(untrusted(source.type))
      .output('pipe:1')
      .outputOptions(['-map', '0:a:0', '-ac', '1', '-ar', `${sampleRate}`, '-f', 's16le']),
    {
      ...machine,
      limitSeconds,
      budget: decodingBudget(limitSeconds),
      onStdout: (chunk) => {
        let from = 0;
        if (odd !== undefined) {
          const high = chunk[0] as number;
          take((((high << 8) | odd) << 16) / 2 ** 31);
          from = 1;
        }
        const to = chunk.length - ((chunk.length - from) % 2);
        for (let i = from; i < to; i += 2) take(chunk.readInt16LE(i) / 32_768);
        odd = to < chunk.length ? chunk[to] : undefined;
        onChunk();
      },
    },
  );
  // Sound after damage is drawn as silence.
  if (code !== 0 && code !== 69) throw machineError(stderr);
}

/** Bins between the bands: each is wider than the previous one by the same factor, but at least one bin. */
function bandEdges(bands: number): number[] {
  const bin = sampleRate / windowSamples;
  const ratio = (highest / lowest) ** (1 / bands);
  let edge = Math.round(lowest / bin);
  const edges = [edge];
  for (let i = 1; i <= bands; i++) {
    edge = Math.max(edge + 1, Math.round((lowest * ratio ** i) / bin));
    edges.push(edge);
  }
  return edges;
}

/**
 * Each band relative to its own loudest, so that quiet speech moves as much as music, and treble as much as
 * bass.
 */
function normalise(decibels: Float32Array, bands: number): void {
  const heard = Array.from({ length: bands }, (_, i) => heardIn(decibels, bands, i));
  const loudest = heard.map((all) => quantile(all, loudestQuantile));
  const least = Math.max(quietestDb, Math.max(...loudest) - bandBelowAllDb);
  const tops = loudest.map((db) => Math.max(db, least));
  const ranges = heard.map((all, i) => {
    const range = (tops[i] as number) - quantile(all, quietQuantile) + belowQuietDb;
    return Math.min(rangeDb.most, Math.max(rangeDb.least, range));
  });
  for (let i = 0; i < decibels.length; i++) {
    const below = (decibels[i] as number) - (tops[i % bands] as number);
    const level = Math.max(0, 1 + below / (ranges[i % bands] as number));
    decibels[i] = withHeadroom(headroom * level ** curve);
  }
}

/** Beyond the loudest it grows ever more slowly and never reaches the end. */
function withHeadroom(level: number): number {
  const room = 1 - headroom;
  return level <= headroom ? level : headroom + room * Math.tanh((level - headroom) / room);
}

/** The levels of a band that are not silence, ascending; for a long sound, a sample of them. */
function heardIn(decibels: Float32Array, bands: number, band: number): number[] {
  const stride = Math.max(1, Math.floor(decibels.length / bands / 20_000));
  const heard: number[] = [];
  for (let i = band; i < decibels.length; i += bands * stride) {
    const db = decibels[i] as number;
    if (db > silenceDb) heard.push(db);
  }
  return heard.sort((a, b) => a - b);
}

const quantile = (sorted: number[], share: number) =>
  sorted[Math.floor(sorted.length * share)] ?? quietestDb;

const attack = 0.55;
const decay = 0.16;

/** Up at once, down gently, and never one band far from its neighbours, so that movement is smooth. */
function ease(values: Float32Array, bands: number): void {
  const shown = new Float32Array(bands);
  for (let at = 0; at < values.length; at += bands) {
    for (let i = 0; i < bands; i++) {
      const own = values[at + i] as number;
      const left = values[at + Math.max(0, i - 1)] as number;
      const right = values[at + Math.min(bands - 1, i + 1)] as number;
      const goal = 0.6 * own + 0.2 * (left + right);
      const was = shown[i] as number;
      shown[i] = was + (goal - was) * (goal > was ? attack : decay);
    }
    values.set(shown, at);
  }
}
