import assert from 'node:assert/strict';
import { test } from 'node:test';
import { videoOptions } from '../../src/video_options.ts';
import { levelsShare, pictureWork } from '../../worker/media/picture/picture_work.ts';
import { recipeFor } from '../../worker/media/recipe.ts';
import { VideoProgress } from '../../worker/media/video_progress.ts';

const size = { width: 1920, height: 1080 };
const workOf = (options: object, hasCaptions = false) =>
  pictureWork(recipeFor(videoOptions.parse(options), hasCaptions), size, hasCaptions);

test('progress is shared by work: a still is all sound, an hour of motion too, a waveform is not', () => {
  const told: number[] = [];
  const shareOfSound = (options: object, seconds: number) => {
    const progress = new VideoProgress((fraction) => told.push(fraction));
    // Before the picture is known there is nothing to compare with.
    progress.sound(0.5, { seconds, work: seconds });
    assert.deepEqual(told.splice(0), []);
    progress.expectPicture(workOf(options));
    for (const done of [0.2, 1, 0.7]) progress.sound(done, { seconds, work: seconds });
    for (const done of [0, 0.5, 1]) progress.picture(done);
    for (const done of [0, 1]) progress.writing(done);
    const all = told.splice(0);
    assert.deepEqual(all, [...new Set(all)].sort(), 'it never goes back');
    assert.equal(all.at(-1), 1);
    return all[1] ?? 0;
  };
  assert.equal(shareOfSound({}, 60), 0.97);
  const motion = { motion: 'zoom-in' };
  assert.ok(shareOfSound(motion, 20) < 0.1);
  assert.ok(shareOfSound(motion, 3600) > 0.75);
  const bars = shareOfSound({ waveform: 'bars' }, 3600);
  assert.ok(bars > 0.2 && bars < 0.4, `${bars}`);
  assert.ok(shareOfSound({ ...motion, waveform: 'bars' }, 3600) < 0.05);
});

test('captions make a moving picture as much work as a waveform does; smaller pictures are less', () => {
  assert.ok(workOf({ motion: 'zoom-in', captionStyle: 'burned' }, true)(600) > 10_000);
  const small = pictureWork(
    recipeFor(videoOptions.parse({ waveform: 'bars' })),
    { width: 640, height: 360 },
    false,
  );
  assert.ok(small(600) < workOf({ waveform: 'bars' })(600) / 2);
  assert.ok(levelsShare(small, 600) > 0.1 && levelsShare(small, 600) < 0.4);
});
