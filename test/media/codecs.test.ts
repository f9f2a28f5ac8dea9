import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { warningsOf } from '../../worker/media/sound/listen.ts';
import { suiteCleanup } from '../support/database.ts';
import { decode, soundOf } from '../support/decode.ts';
import { coreOfHeAac, heAac } from '../support/he_aac.ts';
import { ffmpeg, file, folder, synthesizeAll } from '../support/media.ts';
import { withGain } from '../support/ogg.ts';
import { requireProgram, without } from '../support/programs.ts';
import { encodeSound, levelOf } from '../support/sound.ts';
import { wav } from '../support/wav.ts';

const run = promisify(execFile);
const sampleRate = 48_000;
/** The level of the tone, in dB. */
const toneLevel = 20 * Math.log10(0.28 / Math.SQRT2);
const near = (is: number, should: number, within: number, what: string) =>
  assert.ok(Math.abs(is - should) <= within, `${what}: ${is}, not ${should}`);
const levels = (stereo: Float32Array, from = 0.3, to = 0.8) =>
  ([0, 1] as const).map((side) => levelOf(stereo, side, sampleRate, from, to)) as [number, number];

describe('sound of every codec', { concurrency: 2 }, () => {
  const cleanup = suiteCleanup();
  let dir: string;
  const at = (name: string) => join(dir, name);

  before(async () => {
    dir = await folder(cleanup);
    const tone = "aevalsrc='0.28*sin(880*PI*t)':s=48000:d=1";
    const both = "aevalsrc='0.28*sin(880*PI*t)|0.28*sin(880*PI*t)':s=48000:d=1.0123";
    const sides = "aevalsrc='0.28*sin(880*PI*t)|0.1*sin(300*PI*t)':s=48000:d=1";
    const louder = "aevalsrc='if(lt(t,1),0.9*sin(2*PI*440*t),0.1*sin(2*PI*880*t))':s=48000:d=2";
    const phone = ['-ar', '8000', '-ac', '1', '-c:a'];
    await synthesizeAll(dir, {
      'core.aac': [...coreOfHeAac],
      'opus.ogg': [both, '-c:a', 'libopus'],
      'ms.wav': [tone, '-c:a', 'adpcm_ms'],
      'ima.wav': [tone, '-c:a', 'adpcm_ima_wav'],
      'gsm.wav': [tone, ...phone, 'libgsm_ms'],
      'sides.wav': [sides, '-c:a', 'pcm_s24le'],
      'pcm_s24le.mov': [tone, '-c:a', 'pcm_s24le'],
      'pcm_s16be.mov': [tone, '-c:a', 'pcm_s16be'],
      'g726.wav': [tone, ...phone, 'g726'],
      'yamaha.wav': [tone, ...phone, 'adpcm_yamaha'],
      'all.m4a': [louder, '-c:a', 'aac', '-b:a', '128k'],
    });
    const core = await readFile(at('core.aac'));
    await file(dir, 'v1.aac', heAac(core, { stereo: false }));
    await file(dir, 'v2.aac', heAac(core, { stereo: true }));
    // 12.2 kbit/s: one byte of frame type and 31 of speech parameters, here those of a hum.
    const frame = Buffer.alloc(32, 0x5a).fill(0x3c, 0, 1);
    await file(dir, 'a.amr', Buffer.concat([Buffer.from('#!AMR\n'), ...Array(60).fill(frame)]));
    const copies = (n: number, name: string, ...args: string[]) =>
      ['-map', `${n}`, '-c', 'copy', ...args].concat(at(name));
    const fragments = ['-movflags', 'frag_keyframe+empty_moov', '-frag_duration', '200000'];
    await ffmpeg(
      ...['v1.aac', 'v2.aac', 'a.amr', 'all.m4a'].flatMap((name) => ['-i', at(name)]),
      ...['-ss', '1.1', '-i', at('all.m4a')],
      ...[...copies(0, 'v1.m4a'), ...copies(1, 'v2.m4a'), ...copies(2, 'a.3gp')],
      ...[...copies(3, 'fragments.mp4', ...fragments), ...copies(4, 'edited.m4a')],
    );
  });

  for (const [name, stereo] of [
    ['v1', false],
    ['v2', true],
  ] as const) {
    test(`HE-AAC ${name}: as another decoder hears it`, {
      skip: without('faad'),
    }, async (t) => {
      const theirs = at(`${name}-faad.wav`);
      await run(await requireProgram('faad'), ['-q', '-o', theirs, at(`${name}.aac`)]);
      const { path: ours, audio } = await encodeSound(t, at(`${name}.m4a`), 'audio/mp4');
      assert.equal(audio.sampleRate, sampleRate);
      // Band replication copies into the range above 5 kHz.
      const high = ['-af', 'highpass=f=8000,highpass=f=8000'];
      const [is, isHigh, should, shouldHigh] = (
        await decode(soundOf(ours), soundOf(ours, high), soundOf(theirs), soundOf(theirs, high))
      ).map((one) => levels(one)) as [Levels, Levels, Levels, Levels];
      for (const [what, own, other] of [
        ['all', is, should],
        ['replicated', isHigh, shouldHigh],
      ] as const) {
        for (const side of [0, 1] as const) near(own[side], other[side], 0.5, `${what} ${side}`);
        assert.ok(other[0] > -50 && other[0] - other[1] > (stereo ? 6 : -1), `${what}: ${other}`);
      }
    });
  }

  test('Opus: gain of the header, pre-skip and the end to the sample, as its own decoder has them', {
    skip: without('opusdec'),
  }, async (t) => {
    const quieter = await file(dir, 'b.ogg', withGain(await readFile(at('opus.ogg')), -6));
    const decoder = await requireProgram('opusdec');
    await run(decoder, ['--quiet', '--float', '--rate', '48000', quieter, at('opusdec.wav')]);
    const { path, audio } = await encodeSound(t, quieter, 'audio/ogg');
    const [ours, theirs] = await decode(soundOf(path), soundOf(at('opusdec.wav')));
    near(audio.samples, theirs.length / 2, 2, 'samples');
    near(levels(ours)[0], levels(theirs)[0], 0.3, 'level');
    near(levels(theirs)[0], toneLevel - 6, 0.3, 'level by construction');
  });

  test('ADPCM and GSM of recorders, AMR in 3GP of phones: as SoX hears them', {
    skip: without('sox'),
  }, async (t) => {
    const sox = await requireProgram('sox');
    const files = [
      ['ms.wav', 'ms.wav', 'adpcm_ms'],
      ['ima.wav', 'ima.wav', 'adpcm_ima_wav'],
      ['gsm.wav', 'gsm.wav', 'gsm_ms'],
      ['a.3gp', 'a.amr', 'amr_nb'],
    ] as const;
    const paths: string[] = [];
    for (const [name, other, codec] of files) {
      const theirs = at(`sox-${name}.wav`);
      await run(sox, ['-V1', at(other), '-b', '24', theirs, 'channels', '2', 'rate', '48000']);
      const type = name === 'a.3gp' ? 'audio/mp4' : 'audio/wav';
      const { path, given } = await encodeSound(t, at(name), type);
      assert.equal(given.codec, codec);
      paths.push(path, theirs);
    }
    const sounds = await decode(...paths.map((path) => soundOf(path)));
    for (const [i, [name]] of files.entries())
      assertAlike(sounds[2 * i] as Float32Array, sounds[2 * i + 1] as Float32Array, name);
  });

  test('ALAC of 16 and 24 bits, as Apple’s own coder makes it', {
    skip: without('sndfile-convert'),
  }, async (t) => {
    const convert = await requireProgram('sndfile-convert');
    for (const bits of [16, 24]) {
      await run(convert, [`-alac${bits}`, at('sides.wav'), at(`${bits}.caf`)]);
      await run(convert, [`-pcm${bits}`, at(`${bits}.caf`), at(`${bits}.wav`)]);
    }
    await ffmpeg(
      ...['-i', at('16.caf'), '-i', at('24.caf')],
      ...['-map', '0', '-c', 'copy', at('16.m4a'), '-map', '1', '-c', 'copy', at('24.m4a')],
    );
    const paths: string[] = [];
    for (const bits of [16, 24]) {
      const { path, given } = await encodeSound(t, at(`${bits}.m4a`), 'audio/mp4');
      assert.equal(given.codec, 'alac');
      paths.push(path, at(`${bits}.wav`));
    }
    const sounds = await decode(...paths.map((path) => soundOf(path)));
    for (const i of [0, 2])
      assertAlike(sounds[i] as Float32Array, sounds[i + 1] as Float32Array, paths[i + 1] ?? '');
  });

  test('codecs that no second decoder here reads, by their length and level', async (t) => {
    const files = [
      ['pcm_s24le.mov', 0.3],
      ['pcm_s16be.mov', 0.3],
      ['g726.wav', 1],
      ['yamaha.wav', 1],
    ] as const;
    const made = [];
    for (const [name] of files)
      made.push(await encodeSound(t, at(name), name.endsWith('.wav') ? 'audio/wav' : 'audio/mp4'));
    const sounds = await decode(...made.map(({ path }) => soundOf(path)));
    for (const [i, [name, within]] of files.entries()) {
      near((made[i]?.audio.samples ?? 0) / sampleRate, 1, 0.03, `${name}: seconds`);
      for (const level of levels(sounds[i] as Float32Array))
        near(level, toneLevel, within, `${name}: level`);
    }
  });

  test('an edit list that leaves out the beginning, and a file in fragments', async (t) => {
    const quiet = 20 * Math.log10(0.1 / Math.SQRT2);
    const files = [
      ['edited.m4a', 1.1],
      ['fragments.mp4', 0],
    ] as const;
    const made = [];
    for (const [name] of files) made.push(await encodeSound(t, at(name), 'audio/mp4'));
    const sounds = await decode(...made.map(({ path }) => soundOf(path)));
    for (const [i, [name, from]] of files.entries()) {
      near((made[i]?.audio.samples ?? 0) / sampleRate, 2 - from, 0.03, `${name}: seconds`);
      for (const level of levels(sounds[i] as Float32Array, 1.3 - from, 1.8 - from))
        near(level, quiet, 0.3, `${name}: level`);
    }
  });

  test('a silent ear and clipping are told, and nothing of what is as it should be', async (t) => {
    const tone = (level: number, i: number) => level * Math.sin((2 * Math.PI * 440 * i) / 48_000);
    const second = (sides: (i: number) => [left: number, right: number]) =>
      wav({ rate: sampleRate, channels: 2 }, sampleRate, (i, side) => sides(i)[side] ?? 0);
    const clip = (sample: number) => Math.max(-1, Math.min(1, sample));
    for (const [name, bytes, warning] of [
      ['left', second((i) => [0, tone(0.3, i)]), /^Nothing is heard in the left ear/],
      ['clipped', second((i) => [clip(tone(2.5, i)), 0.1]), /^The audio is clipped/],
      // First as loud as can be, then clicks.
      [
        'full',
        second((i) => (i < 24_000 ? [tone(0.99, i), tone(0.1, i)] : [click(i), click(i)])),
        /^$/,
      ],
    ] as const) {
      const path = await file(dir, `${name}.wav`, bytes);
      assert.match((await encodeSound(t, path, 'audio/wav')).warnings.join(), warning, name);
    }
    assert.match(warningsOf({ left: -9, right: -91, clipped: false }).join(), /in the right ear/);
  });
});

const click = (i: number) => (i % 12_000 < 2 ? 0.5 : 0);

type Levels = [left: number, right: number];

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
