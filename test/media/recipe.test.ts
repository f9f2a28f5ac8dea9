import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type GivenOptions, videoOptions } from '../../src/video_options.ts';
import { recipeFor } from '../../worker/media/recipe.ts';

const recipe = (given: GivenOptions = {}, hasCaptions = false) =>
  recipeFor(videoOptions.parse(given), hasCaptions);

describe('a recipe', () => {
  test('without options: the picture as it is, the sound as it is, nothing else', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(recipe())), {
      canvas: { ratio: 'source', shortSide: 1080, fit: 'contain' },
      keySeconds: { least: 4, most: 16 },
      motion: 'none',
      sound: { loudness: 'keep', stereoBitRate: 192_000, monoBitRate: 128_000 },
      tags: {},
      noEditLists: false,
    });
  });

  test('a ratio is two numbers, a resolution the shorter side', () => {
    const ratios = { '16:9': [16, 9], '9:16': [9, 16], '1:1': [1, 1], '4:5': [4, 5] } as const;
    for (const [aspectRatio, ratio] of Object.entries(ratios)) {
      const given = { aspectRatio: aspectRatio as keyof typeof ratios };
      assert.deepEqual(recipe(given).canvas.ratio, ratio);
    }
    for (const resolution of ['720p', '1080p', '1440p', '2160p'] as const) {
      assert.equal(recipe({ resolution }).canvas.shortSide, Number(resolution.slice(0, -1)));
    }
  });

  test('fit and background travel as given', () => {
    const { canvas } = recipe({ fit: 'blur', background: '#1A2b3c' });
    assert.deepEqual([canvas.fit, canvas.background], ['blur', '#1a2b3c']);
    assert.equal(recipe({ background: 'auto' }).canvas.background, 'auto');
  });

  test('motion travels as given', () => {
    assert.equal(recipe({ motion: 'pan-left' }).motion, 'pan-left');
  });

  test('a waveform has style, colour and position; without a style there is none', () => {
    const given = { waveformColor: '#ff0000', waveformPosition: 'top' } as const;
    assert.deepEqual(recipe({ ...given, waveform: 'bars' }).waveform, {
      style: 'bars',
      color: '#ff0000',
      position: 'top',
    });
    assert.equal(recipe(given).waveform, undefined);
  });

  test('captions are made only of a captions file', () => {
    const given = { captionStyle: 'both', captionLanguage: 'pt-BR' } as const;
    assert.deepEqual(recipe(given, true).captions, { style: 'both', language: 'pt-BR' });
    assert.equal(recipe(given).captions, undefined);
    assert.equal(recipe({}, true).captions?.style, 'track');
  });

  test('loudness is a number or "keep"', () => {
    assert.equal(recipe({ loudness: -14 }).sound.loudness, -14);
  });

  test('title, artist and description become tags', () => {
    const tags = { title: 'A title', artist: 'An artist', description: 'A\nstory' };
    assert.deepEqual(recipe(tags).tags, tags);
  });

  test('places that misread edit lists get none, and 48 kHz', () => {
    for (const target of ['youtube', 'shorts', 'instagram', 'reels', 'facebook'] as const) {
      const { noEditLists, sound } = recipe({ target });
      assert.deepEqual([noEditLists, sound.sampleRate], [true, 48_000], target);
    }
    assert.deepEqual(
      [recipe({ target: 'x' }).noEditLists, recipe({ target: 'x' }).sound],
      [false, recipe().sound],
    );
  });

  test('Facebook wants a key frame every 5 s at the latest', () => {
    for (const target of ['reels', 'facebook'] as const) {
      assert.deepEqual(recipe({ target }).keySeconds, { least: 4, most: 5 });
    }
  });

  test('LinkedIn wants 75 KB at the least', () => {
    assert.equal(recipe({ target: 'linkedin' }).leastBytes, 76_800);
  });
});
