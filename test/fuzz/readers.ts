import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { CaptionsError } from '../../src/captions/cue.ts';
import { parseCaptions } from '../../src/captions/parse.ts';
import { ApiError } from '../../src/errors.ts';
import { type AudioType, audioTypeOf, imageTypeOf } from '../../src/media_type.ts';
import { readParts } from '../../src/upload/multipart/parts.ts';
import { noBox } from '../../worker/media/box/limits.ts';
import { readLowComplexity, windowOf } from '../../worker/media/codec/aac.ts';
import { readStill } from '../../worker/media/codec/still_video.ts';
import { MediaError, RenderError } from '../../worker/media/errors.ts';
import {
  hasOnlySound,
  readAacAudio,
  readHeardSeconds,
  readPromisedSeconds,
} from '../../worker/media/mp4/read.ts';
import { plainCanvas } from '../../worker/media/picture/canvas.ts';
import { composeFrame } from '../../worker/media/picture/compose_frame.ts';
import { openAudio } from '../../worker/media/sound/open_audio.ts';
import { readFacts } from '../../worker/media/sound/read_facts.ts';
import { ffmpeg, synthesizeAll } from '../support/media.ts';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';

/** A reader of callers' bytes, the seeds that are mutated for it, and how to call it. */
export type Reader = {
  name: string;
  seeds: (dir: string) => Promise<Buffer[]>;
  /** Rejects with an error that is not a refusal when the reader misbehaves. */
  read: (bytes: Buffer, dir: string) => Promise<unknown>;
  /** The errors with which the reader may refuse. */
  refusals: (new (
    ...args: never[]
  ) => Error)[];
};

const sound = 'sine=d=0.3';
const boundary = 'b0undary';

/** Makes seeds once in a process, which takes longer than many inputs. */
function once(make: Reader['seeds']): Reader['seeds'] {
  let made: Promise<Buffer[]> | undefined;
  return (dir) => {
    made ??= make(dir);
    return made;
  };
}

const sounds = (...files: [name: string, ...args: string[]][]) =>
  once(async (dir) => {
    const wanted = files.map(([name, ...args]) => [name, [sound, ...args]] as const);
    await synthesizeAll(dir, Object.fromEntries(wanted) as Record<string, [string, ...string[]]>);
    return Promise.all(files.map(([name]) => readFile(join(dir, name))));
  });

const soundsOfEachType = sounds(['a.mp3'], ['b.wav'], ['c.m4a'], ['d.ogg'], ['e.flac']);

/** The parts of a machine that opening such files needs, apart from the folder. No process is started. */
export const unboxed = { box: noBox, signal: new AbortController().signal };

const opened = (type: AudioType) => async (bytes: Buffer, dir: string) => {
  const audio = await openAudio({ ...unboxed, dir }, { path: await input(dir, bytes), type });
  return [audio, await readFacts(audio)];
};

async function input(dir: string, bytes: Buffer): Promise<string> {
  const path = join(dir, 'input');
  await writeFile(path, bytes);
  return path;
}

export const readers: Reader[] = [
  {
    name: 'mp4',
    seeds: sounds(
      ['a.m4a', '-ac', '2'],
      ['b.m4a', '-ac', '2', '-movflags', '+faststart', '-metadata', 'title=A title'],
      ['c.mp4', '-movflags', '+frag_keyframe+empty_moov'],
      ['d.mov', '-c:a', 'pcm_s16le'],
    ),
    read: async (bytes, dir) => {
      const path = await input(dir, bytes);
      await hasOnlySound(path);
      await readHeardSeconds(path);
      await readPromisedSeconds(path);
      const track = await readAacAudio(path);
      for (const [packet, offset] of track?.offsets.entries() ?? []) {
        assert.ok(offset + (track?.sizes[packet] ?? 0) <= bytes.length, 'a packet out of the file');
      }
      assert.ok(!track || (track.samples > 0 && track.priming >= 0), 'sound of no length');
      return track;
    },
    refusals: [MediaError],
  },
  {
    name: 'wav',
    seeds: sounds(
      ['a.wav'],
      ['b.wav', '-c:a', 'pcm_f32le', '-rf64', 'always'],
      ['c.wav', '-c:a', 'adpcm_ms'],
    ),
    read: opened('audio/wav'),
    refusals: [MediaError],
  },
  {
    name: 'ogg',
    seeds: sounds(['a.ogg', '-c:a', 'libvorbis'], ['b.ogg', '-c:a', 'libopus']),
    read: opened('audio/ogg'),
    refusals: [MediaError],
  },
  {
    name: 'mp3',
    seeds: sounds(['a.mp3', '-metadata', 'title=A title'], ['b.mp3', '-id3v2_version', '3']),
    read: opened('audio/mpeg'),
    refusals: [MediaError],
  },
  {
    name: 'media_type',
    seeds: async (dir) => [...(await soundsOfEachType(dir)), ...(await pictures())],
    read: (bytes) => Promise.all([imageTypeOf(bytes), audioTypeOf(bytes)]),
    refusals: [],
  },
  {
    name: 'picture',
    seeds: async () => {
      const [png, ...others] = await pictures();
      return png ? [png, withBombs(png), ...others] : [];
    },
    read: async (bytes, dir) => {
      const type = await imageTypeOf(bytes);
      // What a picture of honest size may take is not in question.
      const limits = { maxMegapixels: 1 };
      return type && composeFrame(await input(dir, bytes), type, plainCanvas, limits);
    },
    refusals: [MediaError],
  },
  {
    name: 'multipart',
    seeds: async () => [
      multipart(
        { image: pngOf(300), audio: wavOf(300), webhookUrl: 'https://a.example/b' },
        boundary,
      ).body,
      multipart(
        [
          ['a', ''],
          ['b', 'c'],
          ['b', wavOf(40)],
        ],
        boundary,
      ).body,
    ],
    read: async (bytes) => {
      // In pieces, as a socket delivers them.
      const piece = 1 + (bytes.length % 97);
      async function* arriving() {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
      }
      let read = 0;
      for await (const part of readParts(arriving(), boundary)) {
        for await (const some of part.body) read += some.length;
      }
      assert.ok(read <= bytes.length, 'more than there was');
    },
    refusals: [ApiError],
  },
  {
    name: 'captions',
    seeds: async () => [
      Buffer.from(
        '1\n00:00:01,000 --> 00:00:02,500\n<i>One</i>\n\n2\n0:03.5 --> 0:04\n{\\an8}Two\n',
      ),
      Buffer.from(
        'WEBVTT\n\nSTYLE\n::cue{}\n\nid\n00:01.000 --> 00:02.000 line:0\n<v Ann>&amp;<b>x</b>\n',
      ),
      Buffer.from('\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nÜ\r\n', 'utf16le'),
    ],
    read: async (bytes) => parseCaptions(bytes),
    refusals: [CaptionsError],
  },
  {
    name: 'aac',
    seeds: async () => [Buffer.from([0x12, 0x10]), Buffer.from([0x11, 0x90, 0x56, 0xe5, 0x00])],
    read: async (bytes) => [readLowComplexity(bytes), windowOf(bytes)],
    refusals: [],
  },
  {
    name: 'h264',
    seeds: once(async (dir) => {
      const path = join(dir, 'a.h264');
      const x264 = [
        '-c:v',
        'libx264',
        '-qp',
        '20',
        '-bf',
        '0',
        '-refs',
        '1',
        '-pix_fmt',
        'yuv420p',
      ];
      await ffmpeg('-f', 'lavfi', '-i', 'color=s=64x48:d=0.16', ...x264, path);
      return [await readFile(path)];
    }),
    read: async (bytes) => readStill(bytes, { width: 64, height: 48, quantizer: 20 }),
    refusals: [RenderError],
  },
];

/** A PNG with chunks that are a thousand times as big when they are unpacked. */
function withBombs(png: Buffer): Buffer {
  const zeros = deflateSync(Buffer.alloc(5_000_000));
  const chunk = (type: string, name: string) => {
    const data = Buffer.concat([Buffer.from(`${type}${name}\0\0`), zeros]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length - 4, 0);
    ends.writeUInt32BE(crc32(data), 4);
    return Buffer.concat([ends.subarray(0, 4), data, ends.subarray(4)]);
  };
  const header = 33;
  const bombs = [chunk('iCCP', 'profile'), chunk('zTXt', 'Comment'), chunk('zTXt', 'Author')];
  return Buffer.concat([png.subarray(0, header), ...bombs, png.subarray(header)]);
}

async function pictures(): Promise<Buffer[]> {
  const picture = sharp({ create: { width: 9, height: 9, channels: 3, background: '#456789' } });
  return Promise.all([
    picture.png().toBuffer(),
    picture.jpeg().toBuffer(),
    picture.webp().toBuffer(),
  ]);
}
