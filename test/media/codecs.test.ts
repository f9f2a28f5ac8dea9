import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { heAac } from '../support/he_aac.ts';
import { decodeSound, ffmpeg, file, folder, synthesize } from '../support/media.ts';
import { requireProgram, without } from '../support/programs.ts';
import { encodeSound, levelOf } from '../support/sound.ts';

const run = promisify(execFile);
const sampleRate = 48_000;
const tone = "aevalsrc='0.28*sin(880*PI*t)':s=48000:d=1";
/** The level of that tone, in dB. */
const toneLevel = 20 * Math.log10(0.28 / Math.SQRT2);
const near = (is: number, should: number, within: number, what: string) =>
  assert.ok(Math.abs(is - should) <= within, `${what}: ${is}, not ${should}`);
const levels = (stereo: Float32Array, rate = sampleRate, from = 0.3, to = 0.8) =>
  ([0, 1] as const).map((side) => levelOf(stereo, side, rate, from, to)) as [number, number];

describe('what another decoder hears is what is heard', { concurrency: 2 }, () => {
  for (const [name, stereo] of [
    ['HE-AAC', false],
    ['HE-AAC v2', true],
  ] as const) {
    test(name, { skip: without('faad', 'faad') }, async (t) => {
      const dir = await folder(t);
      const adts = await heAac(dir, 'he.aac', { stereo });
      await run(await requireProgram('faad', 'faad'), ['-q', '-o', join(dir, 'faad.wav'), adts]);
      await ffmpeg('-i', adts, '-c', 'copy', join(dir, 'he.m4a'));
      const { stereo: ours, audio } = await encodeSound(t, join(dir, 'he.m4a'), 'audio/mp4');
      assert.equal(audio.sampleRate, sampleRate);
      // Band replication copies into the range above 5 kHz.
      const high = ['-af', 'highpass=f=8000,highpass=f=8000'];
      const made = audio.files[0]?.path ?? '';
      for (const [what, filters] of [
        ['all', []],
        ['replicated', high],
      ] as const) {
        const theirs = await decodeSound(join(dir, 'faad.wav'), [], [...filters]);
        const own = what === 'all' ? ours : await decodeSound(made, [], [...filters]);
        const [is, should] = [levels(own), levels(theirs)];
        for (const side of [0, 1] as const) near(is[side], should[side], 0.5, `${what} ${side}`);
        assert.ok(should[0] > -50 && should[0] - should[1] > (stereo ? 6 : -1), `${should}`);
      }
    });
  }

  test('Opus: gain of the header, pre-skip and the end to the sample', {
    skip: without('opusdec', 'opus-tools'),
  }, async (t) => {
    const dir = await folder(t);
    const both = "aevalsrc='0.28*sin(880*PI*t)|0.28*sin(880*PI*t)':s=48000:d=1.0123";
    const path = await synthesize(dir, 'a.ogg', both, '-c:a', 'libopus');
    const quieter = await file(dir, 'b.ogg', withGain(await readFile(path), -6));
    const decoder = await requireProgram('opusdec', 'opus-tools');
    await run(decoder, ['--quiet', '--float', '--rate', '48000', quieter, join(dir, 'b.wav')]);
    const theirs = await decodeSound(join(dir, 'b.wav'));
    const { stereo, audio } = await encodeSound(t, quieter, 'audio/ogg');
    near(audio.samples, theirs.length / 2, 2, 'samples');
    near(levels(stereo)[0], levels(theirs)[0], 0.3, 'level');
    near(levels(theirs)[0], toneLevel - 6, 0.3, 'level by construction');
  });

  test('ADPCM and GSM of recorders, AMR in 3GP of phones', {
    skip: without('sox', 'sox'),
  }, async (t) => {
    const dir = await folder(t);
    const at = (name: string) => join(dir, name);
    // 12.2 kbit/s: one byte of frame type and 31 of speech parameters, here those of a hum.
    const frame = Buffer.alloc(32, 0x5a).fill(0x3c, 0, 1);
    await file(dir, 'a.amr', Buffer.concat([Buffer.from('#!AMR\n'), ...Array(60).fill(frame)]));
    await ffmpeg('-i', at('a.amr'), '-c', 'copy', at('a.3gp'));
    const phone = ['-ar', '8000', '-ac', '1'];
    await synthesize(dir, 'ms.wav', tone, '-c:a', 'adpcm_ms');
    await synthesize(dir, 'ima.wav', tone, '-c:a', 'adpcm_ima_wav');
    await synthesize(dir, 'gsm.wav', tone, ...phone, '-c:a', 'libgsm_ms');
    const sox = await requireProgram('sox', 'sox');
    for (const [name, other, codec] of [
      ['ms.wav', 'ms.wav', 'adpcm_ms'],
      ['ima.wav', 'ima.wav', 'adpcm_ima_wav'],
      ['gsm.wav', 'gsm.wav', 'gsm_ms'],
      ['a.3gp', 'a.amr', 'amr_nb'],
    ] as const) {
      const theirs = at('theirs.wav');
      await run(sox, ['-V1', at(other), '-b', '24', theirs, 'channels', '2', 'rate', '48000']);
      const type = name === 'a.3gp' ? 'audio/mp4' : 'audio/wav';
      const { stereo, given } = await encodeSound(t, at(name), type);
      assert.equal(given.codec, codec);
      assertAlike(stereo, await decodeSound(theirs), name);
    }
  });

  test('ALAC of 16 and 24 bits, as Apple’s own coder makes it', {
    skip: without('sndfile-convert', 'sndfile-programs'),
  }, async (t) => {
    const dir = await folder(t);
    const at = (name: string) => join(dir, name);
    const convert = await requireProgram('sndfile-convert', 'sndfile-programs');
    const sides = "aevalsrc='0.28*sin(880*PI*t)|0.1*sin(300*PI*t)':s=48000:d=1";
    const source = await synthesize(dir, 'a.wav', sides, '-c:a', 'pcm_s24le');
    for (const bits of [16, 24]) {
      await run(convert, [`-alac${bits}`, source, at('a.caf')]);
      await run(convert, [`-pcm${bits}`, at('a.caf'), at('theirs.wav')]);
      await ffmpeg('-i', at('a.caf'), '-c', 'copy', at('a.m4a'));
      const { stereo, given } = await encodeSound(t, at('a.m4a'), 'audio/mp4');
      assert.equal(given.codec, 'alac');
      assertAlike(stereo, await decodeSound(at('theirs.wav')), `${bits} bits`);
    }
  });
});

/** Asserts that both have the same sound at the same level and place; one of them has been through AAC. */
function assertAlike(ours: Float32Array, theirs: Float32Array, what: string) {
  near(ours.length, theirs.length, 4096, `${what}: length`);
  const [is, should] = [levels(ours), levels(theirs)];
  let error = Number.NEGATIVE_INFINITY;
  for (const side of [0, 1] as const) {
    near(is[side], should[side], 0.3, `${what}: level`);
    const rest = ours.map((sample, i) => sample - (theirs[i] ?? 0));
    error = Math.max(error, levels(rest)[side] - should[side]);
  }
  assert.ok(error < -15, `${what}: an error of ${error} dB`);
}

test('codecs that no second decoder here reads, by their length and level', async (t) => {
  const dir = await folder(t);
  const phone = ['-ar', '8000', '-ac', '1', '-c:a'];
  for (const [name, args, within] of [
    ['pcm_s24le.mov', ['-c:a', 'pcm_s24le'], 0.3],
    ['pcm_s16be.mov', ['-c:a', 'pcm_s16be'], 0.3],
    ['g726.wav', [...phone, 'g726'], 1],
    ['yamaha.wav', [...phone, 'adpcm_yamaha'], 1],
  ] as const) {
    const path = await synthesize(dir, name, tone, ...args);
    const type = name.endsWith('.wav') ? 'audio/wav' : 'audio/mp4';
    const { audio, stereo } = await encodeSound(t, path, type);
    near(audio.samples / sampleRate, 1, 0.03, `${name}: seconds`);
    for (const level of levels(stereo)) near(level, toneLevel, within, `${name}: level`);
  }
});

test('an edit list that leaves out the beginning, and a file in fragments', async (t) => {
  const dir = await folder(t);
  const first = "aevalsrc='if(lt(t,1),0.9*sin(2*PI*440*t),0.1*sin(2*PI*880*t))':s=48000:d=2";
  const all = await synthesize(dir, 'all.m4a', first, '-c:a', 'aac', '-b:a', '128k');
  const quiet = 20 * Math.log10(0.1 / Math.SQRT2);
  const fragments = ['-movflags', 'frag_keyframe+empty_moov', '-frag_duration', '200000'];
  for (const [name, args] of [
    ['edited.m4a', []],
    ['fragments.mp4', fragments],
  ] as const) {
    const cut = name === 'edited.m4a' ? ['-ss', '1.1'] : [];
    const path = join(dir, name);
    await ffmpeg(...cut, '-i', all, '-c', 'copy', ...args, path);
    const { audio, stereo } = await encodeSound(t, path, 'audio/mp4');
    const from = cut.length > 0 ? 1.1 : 0;
    near(audio.samples / sampleRate, 2 - from, 0.03, `${name}: seconds`);
    for (const level of levels(stereo, sampleRate, 1.3 - from, 1.8 - from))
      near(level, quiet, 0.3, `${name}: level`);
  }
});

test('a silent ear and clipping are told, and nothing of what is as it should be', async (t) => {
  const dir = await folder(t);
  const tone = (level: number) => `${level}*sin(2*PI*440*t)`;
  for (const [name, sides, warning] of [
    ['left.wav', `0|${tone(0.3)}`, /^Nothing is heard in the left ear/],
    ['right.wav', `${tone(0.3)}|0`, /^Nothing is heard in the right ear/],
    ['clipped.wav', `${tone(2.5)}|${tone(2.5)}`, /^The audio is clipped/],
    ['full.wav', `${tone(0.99)}|${tone(0.1)}`, /^$/],
    ['clicks.wav', '0.5*lt(mod(n,24000),2)|0.5*lt(mod(n,24000),2)', /^$/],
  ] as const) {
    const path = await synthesize(dir, name, `aevalsrc='${sides}':s=48000:d=1`);
    assert.match((await encodeSound(t, path, 'audio/wav')).warnings.join(), warning, name);
  }
});

/** Sets the output gain in the first page of an Ogg Opus file (RFC 7845, 5.1), which every player must apply. */
function withGain(ogg: Buffer, decibels: number): Buffer {
  const changed = Buffer.from(ogg);
  const head = changed.indexOf('OpusHead');
  changed.writeInt16LE(256 * decibels, head + 16);
  const page = changed.subarray(0, changed.indexOf('OggS', 4));
  page.writeUInt32LE(0, 22);
  page.writeUInt32LE(checksum(page), 22);
  return changed;
}

/** The checksum of RFC 3533, 6: CRC-32 with the polynomial 0x04c11db7, neither reflected nor inverted. */
function checksum(page: Buffer): number {
  let crc = 0;
  for (const byte of page) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  return crc >>> 0;
}
