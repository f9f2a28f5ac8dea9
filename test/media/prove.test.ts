import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { RenderError } from '../../worker/media/make_video.ts';
import { framesFor, planMovie } from '../../worker/media/mp4/plan.ts';
import { stillTrack } from '../../worker/media/picture/still_track.ts';
import type { Promised } from '../../worker/media/proof/promised.ts';
import { proveVideo } from '../../worker/media/proof/prove_video.ts';
import {
  box,
  ffmpeg,
  ffprobePath,
  file,
  folder,
  plainPicture,
  render,
  synthesize,
} from '../support/media.ts';

test('a video that is not what was promised is never handed out', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const audioPath = await synthesize(dir, 'a.wav', 'sine=d=2');
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav' });
  const promised: Promised = {
    ...{ width: 64, height: 48, seconds: 2, frames: 50, keys: [0, 0], groupsAreAlike: true },
    ...{ hasCaptions: false, editLists: true, leastBytes: 0 },
  };
  const signal = new AbortController().signal;
  const prove = (path: string, other = {}) =>
    proveVideo({ ffprobePath, box, dir: dirname(path), signal }, path, { ...promised, ...other });
  await prove(made.videoPath);

  const fails = async (fault: RegExp, path: string, other = {}) =>
    assert.rejects(prove(path, other), (error) => {
      assert.ok(error instanceof RenderError, `${error}`);
      assert.match(error.detail, fault);
      return true;
    });
  await fails(/length is 2/, made.videoPath, { seconds: 2.1 });
  await fails(/picture is 64,48/, made.videoPath, { width: 66 });
  await fails(/number of frames is 50/, made.videoPath, { frames: 51 });
  await fails(/key frames is 0,0/, made.videoPath, { keys: [0, 25] });
  await fails(/number of streams is 2/, made.videoPath, { hasCaptions: true });
  await fails(/edit lists are on "soun"/, made.videoPath, { editLists: false });
  await fails(/only \d+ bytes/, made.videoPath, { leastBytes: 1e6 });

  const remade = async (name: string, ...args: string[]) => {
    await ffmpeg('-i', made.videoPath, '-c', 'copy', ...args, `${dir}/${name}`);
    return `${dir}/${name}`;
  };
  await fails(/index is not in front/, await remade('index-at-end.mp4'));
  const front = ['-movflags', '+faststart'];
  await fails(/number of streams is 1/, await remade('silent.mp4', '-an', ...front));
  await fails(/video is mpeg4/, await remade('other.mp4', '-c:v', 'mpeg4', ...front));

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
