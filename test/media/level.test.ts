import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelFor, withHonestLevel } from '../../worker/media/codec/level.ts';

const fullHd = { width: 1920, height: 1080, framesPerSecond: 25 };

test('the level is the lowest that allows size, rate and bytes of the pictures', () => {
  const level = (width: number, height: number, heaviest: number) =>
    levelFor({ width, height, framesPerSecond: 25, heaviest });
  assert.equal(level(64, 48, 100), 10);
  assert.equal(level(640, 352, 10_000), 30);
  assert.equal(level(1280, 720, 10_000), 31);
  assert.equal(level(1280, 720, 345_601), 41);
  assert.equal(level(1920, 1080, 783_360), 40);
  assert.equal(level(1080, 1920, 783_361), 41);
  assert.equal(level(1920, 1080, 1_566_720), 41);
  assert.equal(level(1920, 1080, 1_566_721), undefined);
  assert.equal(level(2560, 1440, 10_000), 50);
  assert.equal(level(3840, 2160, 10_000), 51);
  assert.equal(level(7680, 4320, 10_000), undefined);
});

test('an encoder’s own level is never lowered, and both places that name it agree', () => {
  const config = Buffer.from([1, 100, 0, 40, 255, 225, 0, 4, 103, 100, 0, 40]);
  const levels = (heaviest: number, own = config) => {
    const honest = withHonestLevel(own, { ...fullHd, heaviest });
    return honest && [honest[3], honest[11]];
  };
  assert.deepEqual(levels(1_000_000), [41, 41]);
  assert.deepEqual(levels(1_000), [40, 40]);
  const higher = Buffer.from(config).fill(50, 3, 4);
  assert.deepEqual(levels(1_000, higher), [50, 50]);
  assert.equal(levels(2_000_000), undefined);
  assert.deepEqual([config[3], config[11]], [40, 40]);
});
