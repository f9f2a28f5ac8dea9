import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { keptPrograms } from './extracted_program.ts';
import { requireProgram, without } from './programs.ts';

const header = '/usr/include/wels/codec_api.h';
const source = join(import.meta.dirname, 'openh264.c');

/**
 * Asserts that openh264, a decoder that shares no line with ffmpeg's, gives the same pixels of every frame: the
 * planes of yuv420p, one frame behind the other. Where it cannot be installed, nothing is asserted.
 */
export async function assertDecodersAgree(path: string, shown: Buffer) {
  if (without('gcc') || without(header)) return;
  const others = await decodeByOpenh264(path);
  assert.ok(others.equals(shown), `${others.length} bytes by openh264, ${shown.length} by ffmpeg`);
}

const startCode = Buffer.from([0, 0, 0, 1]);

/** Compiled when its source has changed. */
async function compiled(): Promise<string> {
  const program = join(keptPrograms, 'openh264');
  const made = statSync(program, { throwIfNoEntry: false });
  if (made && made.mtimeMs > statSync(source).mtimeMs) return program;
  await Promise.all([requireProgram('gcc'), requireProgram(header)]);
  await mkdir(keptPrograms, { recursive: true });
  const mine = `${program}.${process.pid}`;
  await promisify(execFile)('gcc', ['-O1', '-o', mine, source, '-lopenh264']);
  await rename(mine, program);
  return program;
}

/** Rejects when the decoder complains of a frame, or gives no picture for it. */
async function decodeByOpenh264(path: string): Promise<Buffer> {
  const program = await compiled();
  const frames = await framesOf(path);
  const decoding = promisify(execFile)(program, { encoding: 'buffer', maxBuffer: 512 * 1024 ** 2 });
  // A program that stops reading is judged by its exit.
  decoding.child.stdin?.on('error', () => {});
  decoding.child.stdin?.end(Buffer.concat(frames.flatMap((frame) => [lengthOf(frame), frame])));
  return (await decoding).stdout;
}

/** Each frame as a byte stream (Annex B); the first begins with the parameters. */
async function framesOf(path: string): Promise<Buffer[]> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  const config = (await track?.getDecoderConfig())?.description;
  if (!track || !config) throw new Error(`${path} is no video`);
  const frames: Buffer[] = [];
  let before = parametersOf(Buffer.from(config as Uint8Array));
  for await (const { data } of new EncodedPacketSink(track).packets()) {
    const units = [...before, ...unitsOf(Buffer.from(data), 4)];
    frames.push(Buffer.concat(units.flatMap((unit) => [startCode, unit])));
    before = [];
  }
  return frames;
}

/** The units of bytes in which each follows its length. */
function unitsOf(bytes: Buffer, lengthBytes: number): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUIntBE(at, lengthBytes);
    at += lengthBytes + length;
    units.push(bytes.subarray(at - length, at));
  }
  return units;
}

/** The one sequence and the one picture parameter set of an AVCDecoderConfigurationRecord. */
function parametersOf(config: Buffer): Buffer[] {
  const sequenceEnd = 8 + config.readUInt16BE(6);
  const picture = config.subarray(sequenceEnd + 1);
  return [config.subarray(8, sequenceEnd), picture.subarray(2, 2 + picture.readUInt16BE(0))];
}

function lengthOf(frame: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(frame.length);
  return bytes;
}
