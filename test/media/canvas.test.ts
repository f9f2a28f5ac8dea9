import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Canvas,
  canvasSize,
  layoutOn,
  plainCanvas,
} from '../../worker/media/picture/canvas.ts';

type Sides = readonly [width: number, height: number];

const on = (canvas: Partial<Canvas>, [width, height]: Sides) =>
  layoutOn({ ...plainCanvas, ...canvas }, { width, height });

const wide = { ratio: [16, 9] } as const;

describe('the picture as its own canvas (5.4)', () => {
  const cases: [given: Sides, fitted: Sides][] = [
    [
      [4000, 3000],
      [1440, 1080],
    ],
    [
      [3000, 4000],
      [1080, 1440],
    ],
    [
      [1920, 1080],
      [1920, 1080],
    ],
    [
      [1080, 1920],
      [1080, 1920],
    ],
    [
      [1200, 1500],
      [1080, 1350],
    ],
    [
      [10_000, 10_000],
      [1080, 1080],
    ],
    [
      [641, 481],
      [642, 482],
    ],
    [
      [1, 1],
      [2, 2],
    ],
    [
      [10_000, 1],
      [1920, 2],
    ],
    [
      [1919, 1079],
      [1920, 1080],
    ],
    [
      [1921, 1080],
      [1920, 1080],
    ],
  ];
  for (const [given, fitted] of cases) {
    test(`${given.join(' × ')} becomes ${fitted.join(' × ')}`, () => {
      const { width, height, picture, left, top } = on({}, given);
      assert.deepEqual([width, height], fitted);
      assert.deepEqual({ picture, left, top }, { picture: { width, height }, left: 0, top: 0 });
    });
  }

  test('a resolution raises or lowers its bounds, and blows nothing up', () => {
    const bounds: [shortSide: number, fitted: Sides][] = [
      [720, [960, 720]],
      [1440, [1920, 1440]],
      [2160, [2400, 1800]],
    ];
    for (const [shortSide, fitted] of bounds) {
      const { width, height } = on({ shortSide }, [2400, 1800]);
      assert.deepEqual([width, height], fitted, `${shortSide}`);
    }
  });

  test('no fit changes it: there is nothing to fill', () => {
    for (const fit of ['cover', 'blur'] as const)
      assert.deepEqual(on({ fit }, [1600, 500]), on({}, [1600, 500]));
  });
});

describe('a canvas with a ratio (7.1, 7.2)', () => {
  test('has exactly the stated size', () => {
    const sizes: [ratio: Sides, shortSide: number, size: Sides][] = [
      [[16, 9], 720, [1280, 720]],
      [[16, 9], 1080, [1920, 1080]],
      [[16, 9], 1440, [2560, 1440]],
      [[16, 9], 2160, [3840, 2160]],
      [[9, 16], 720, [720, 1280]],
      [[9, 16], 1080, [1080, 1920]],
      [[9, 16], 2160, [2160, 3840]],
      [[1, 1], 1080, [1080, 1080]],
      [[4, 5], 720, [720, 900]],
      [[4, 5], 1080, [1080, 1350]],
      [[4, 5], 1440, [1440, 1800]],
      [[4, 5], 2160, [2160, 2700]],
    ];
    for (const [ratio, shortSide, [width, height]] of sizes)
      assert.deepEqual(canvasSize(ratio, shortSide), { width, height });
  });

  test('is the same whatever the picture', () => {
    for (const given of [
      [1, 1],
      [9000, 3],
      [3, 9000],
      [1920, 1080],
    ] as const)
      for (const fit of ['contain', 'cover', 'blur'] as const) {
        const { width, height } = on({ ...wide, fit }, given);
        assert.deepEqual([width, height], [1920, 1080]);
      }
  });
});

describe('fit (7.3)', () => {
  test('contain and blur show the whole picture in the middle, small ones enlarged', () => {
    for (const fit of ['contain', 'blur'] as const) {
      const { picture, left, top, scale } = on({ ...wide, fit }, [300, 400]);
      assert.deepEqual(
        { picture, left, top },
        { picture: { width: 810, height: 1080 }, left: 554, top: 0 },
      );
      assert.equal(scale, 2.7);
    }
  });

  test('cover fills the canvas and cuts off equally much at both ends', () => {
    const { picture, left, top, scale } = on({ ...wide, fit: 'cover' }, [960, 960]);
    assert.deepEqual(
      { picture, left, top },
      { picture: { width: 1920, height: 1920 }, left: 0, top: -420 },
    );
    assert.equal(scale, 2);
  });

  test('a bar begins on an even pixel', () => {
    for (let height = 400; height < 440; height++) {
      const { picture, left } = on(wide, [300, height]);
      assert.deepEqual([left % 2, picture.width % 2, picture.height % 2], [0, 0, 0]);
      assert.ok(Math.abs(1920 - picture.width - 2 * left) <= 2);
    }
  });

  test('there are no hairline bars', () => {
    for (const given of [
      [1366, 768],
      [640, 359],
      [1919, 1080],
    ] as const) {
      const { picture, left, top } = on(wide, given);
      assert.deepEqual(
        { picture, left, top },
        { picture: { width: 1920, height: 1080 }, left: 0, top: 0 },
      );
    }
  });
});
