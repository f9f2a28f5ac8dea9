import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkTarget, warningsOf } from '../../src/targets/check.ts';
import { sources } from '../../src/targets/sources.ts';
import type { VideoFacts } from '../../src/targets/target.ts';
import { completeOptions, targets } from '../../src/targets/targets.ts';
import { targetNames, videoOptions } from '../../src/video_options.ts';

/** Three minutes upright, encoded as Facebook wants it. */
const reel: VideoFacts = {
  seconds: 60,
  bytes: 5_000_000,
  width: 1080,
  height: 1920,
  frameRate: 25,
  keyFrameSeconds: 5,
  editLists: 0,
  sampleRate: 48_000,
  channels: 2,
};
const failing = (target: (typeof targetNames)[number], facts: Partial<VideoFacts>) =>
  checkTarget(target, { ...reel, ...facts }).filter(({ ok }) => !ok);

describe('the table of targets', () => {
  test('has each place; what it sets are options, and every number has a source', () => {
    assert.deepEqual(Object.keys(targets).sort(), [...targetNames].sort());
    for (const [name, { options, limits, advice }] of Object.entries(targets)) {
      assert.ok(videoOptions.strict().safeParse(options).success, name);
      assert.ok(!('target' in options), name);
      assert.ok(limits.length > 0, name);
      for (const { source } of [...limits, ...advice]) assert.ok(source in sources, name);
      for (const { rule, least = -Infinity, most = Infinity } of limits)
        assert.ok(least <= most && (least > -Infinity || most < Infinity), `${name} ${rule}`);
    }
    for (const { url, read } of Object.values(sources)) {
      assert.equal(new URL(url).protocol, 'https:');
      assert.match(read, /^20\d\d-\d\d-\d\d$/);
    }
  });

  test('a target sets what the caller left out, and nothing else', () => {
    const plain = videoOptions.parse({});
    assert.deepEqual(completeOptions({}), plain);
    const reels = completeOptions({ target: 'reels' });
    assert.deepEqual(reels, { ...plain, aspectRatio: '9:16', fit: 'blur', target: 'reels' });
    const given = completeOptions({ target: 'reels', aspectRatio: 'source', fit: 'contain' });
    assert.deepEqual(given, { ...plain, target: 'reels' });
  });
});

describe('a video held against a target', () => {
  test('one that is as asked passes every check, and has nothing to mend', () => {
    const checks = checkTarget('facebook', reel);
    assert.equal(checks.length, targets.facebook.limits.length);
    assert.ok(checks.every(({ ok, mend }) => ok && mend === null));
    assert.deepEqual(warningsOf('facebook', checks), []);
  });

  test('each rule is told with what is wanted, what is, and how to mend it', () => {
    const [length] = failing('facebook', { seconds: 200 });
    assert.deepEqual(length, {
      rule: 'length',
      wanted: '3 s to 90 s',
      is: '3 min 20 s',
      ok: false,
      mend: 'Send a shorter audio file, or publish the video elsewhere.',
    });
    assert.deepEqual(warningsOf('facebook', length ? [length] : []), [
      'Facebook Reels wants a length of 3 s to 90 s; it is 3 min 20 s. Send a shorter audio file, or publish the video elsewhere.',
    ]);
  });

  const wrong: [(typeof targetNames)[number], Partial<VideoFacts>, rule: string][] = [
    ['facebook', { seconds: 2.9 }, 'length'],
    ['facebook', { width: 540, height: 958 }, 'height'],
    ['facebook', { width: 1080, height: 1080 }, 'aspectRatio'],
    ['facebook', { keyFrameSeconds: 5.04 }, 'keyFrameDistance'],
    ['facebook', { sampleRate: 44_100 }, 'sampleRate'],
    ['facebook', { channels: 1 }, 'channels'],
    ['youtube', { editLists: 1 }, 'editLists'],
    ['shorts', { seconds: 181 }, 'length'],
    ['shorts', { width: 1920, height: 1080 }, 'aspectRatio'],
    ['instagram', { width: 1080, height: 1920 }, 'aspectRatio'],
    ['instagram', { width: 2160, height: 2700 }, 'width'],
    ['reels', { bytes: 1_000_000_001 }, 'fileSize'],
    ['tiktok', { width: 358, height: 640 }, 'shorterSide'],
    ['tiktok', { seconds: 601 }, 'length'],
    ['x', { width: 720, height: 1280, seconds: 141 }, 'length'],
    ['x', { width: 1920, height: 1080 }, 'longerSide'],
    ['linkedin', { bytes: 75 * 1024 - 1 }, 'fileSize'],
    ['spotify', { width: 1920, height: 1440 }, 'aspectRatio'],
    ['whatsapp', { bytes: 16_000_001 }, 'fileSize'],
  ];
  for (const [target, facts, rule] of wrong) {
    test(`${target}: ${JSON.stringify(facts)} fails ${rule}`, () => {
      const failed = failing(target, facts);
      assert.ok(
        failed.some((check) => check.rule === rule),
        JSON.stringify(failed),
      );
      for (const { mend, is, wanted } of failed) {
        assert.match(mend ?? '', /^[A-Z].*\.$/);
        assert.notEqual(is, wanted);
      }
    });
  }

  test('what lies on a limit is within it', () => {
    assert.deepEqual(failing('facebook', { seconds: 90, width: 540, height: 960 }), []);
    assert.deepEqual(failing('whatsapp', { bytes: 16_000_000 }), []);
    assert.deepEqual(failing('linkedin', { bytes: 75 * 1024 }), []);
  });
});
