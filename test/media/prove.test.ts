import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { RenderError } from '../../worker/media/make_video.ts';
import { framesFor, planMovie } from '../../worker/media/mp4/plan.ts';
import { stillTrack } from '../../worker/media/picture/still_track.ts';
import { faultsOfFile } from '../../worker/media/proof/file_faults.ts';
import type { Promised } from '../../worker/media/proof/promised.ts';
import { lookAt, proveVideo } from '../../worker/media/proof/prove_video.ts';
import { faultsOfStreams } from '../../worker/media/proof/stream_faults.ts';
import { box, ffmpeg, ffprobePath, file, folder, plainPicture, render } from '../support/media.ts';
import { toneWav } from '../support/wav.ts';

test('a video that is not what was promised is never handed out', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const audioPath = await file(dir, 'a.wav', toneWav(2));
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav' });
  const promised: Promised = {
    ...{ width: 64, height: 48, seconds: 2, frames: 50, keys: [0, 0], groupsAreAlike: true },
    ...{ hasCaptions: false, editLists: true, leastBytes: 0 },
  };
  const machine = { ffprobePath, box, signal: new AbortController().signal };
  const prove = (path: string, other = {}) =>
    proveVideo({ ...machine, dir: dirname(path) }, path, { ...promised, ...other });
  await prove(made.videoPath);

  const fails = async (fault: RegExp, path: string, other = {}) =>
    assert.rejects(prove(path, other), (error) => {
      assert.ok(error instanceof RenderError, `${error}`);
      assert.match(error.detail, fault);
      return true;
    });
  const { seen, faults } = await lookAt(
    { ...machine, dir: dirname(made.videoPath) },
    made.videoPath,
    promised,
  );
  assert.ok(seen);
  assert.deepEqual(faults, []);
  const streamFaults = (other: Partial<Promised>) =>
    faultsOfStreams(seen, { ...promised, ...other }).join();
  assert.match(streamFaults({ seconds: 2.1 }), /length is 2/);
  assert.match(streamFaults({ width: 66 }), /picture is 64,48/);
  assert.match(streamFaults({ frames: 51 }), /number of frames is 50/);
  assert.match(streamFaults({ hasCaptions: true }), /number of streams is 2/);
  const fileFaults = async (other: Partial<Promised>) =>
    (await faultsOfFile(made.videoPath, { ...promised, ...other })).join();
  assert.match(await fileFaults({ editLists: false }), /edit lists are on "soun"/);
  assert.match(await fileFaults({ leastBytes: 1e6 }), /only \d+ bytes/);

  await fails(/key frames is 0,0/, made.videoPath, { keys: [0, 25] });
  const [atEnd, silent, other] = ['end', 'silent', 'other'].map((name) => `${dir}/${name}.mp4`) as [
    string,
    string,
    string,
  ];
  const front = ['-movflags', '+faststart'];
  await ffmpeg(
    ...['-i', made.videoPath, '-c', 'copy', atEnd, '-c', 'copy', '-an', ...front, silent],
    ...['-c', 'copy', '-c:v', 'mpeg4', ...front, other],
  );
  await fails(/index is not in front/, atEnd);
  await fails(/number of streams is 1/, silent);
  await fails(/video is mpeg4/, other);

  const bytes = await readFile(made.videoPath);
  const cut = await file(dir, 'cut.mp4', bytes.subarray(0, -3_000));
  await fails(/bytes instead of/, cut);
  await fails(/last \w+ frame/, cut, { groupsAreAlike: false });
  const media = bytes.indexOf('mdat') + 4;
  bytes.fill(0x55, media + 8, media + 60);
  await fails(/error|first video frame/i, await file(dir, 'damaged.mp4', bytes));
});

test('a video of more than 4 GB is not begun', () => {
  const [frame, same] = [Buffer.alloc(10_000_000), Buffer.alloc(16)];
  const size = { width: 2, height: 2, quantizer: 20 };
  const still = { ...size, config: Buffer.alloc(8), opening: [frame], cycle: [same] };
  const packets = 47 * 10_000;
  const audio = {
    ...{ files: [], config: Buffer.alloc(2), sampleRate: 48_000, channels: 2, priming: 0 },
    ...{ offsets: new Float64Array(packets), sizes: new Uint32Array(packets).fill(8) },
    samples: packets * 1_024,
  };
  const picture = stillTrack(still, framesFor(audio), { least: 4, most: 16 });
  assert.throws(() => planMovie({ picture, sound: audio }), {
    name: 'MediaError',
    message: /4 GB/,
  });
});
