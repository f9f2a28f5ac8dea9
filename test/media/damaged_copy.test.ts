import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { readAacAudio } from '../../worker/media/mp4/read.ts';
import { file, folder, plainPicture, render, synthesize } from '../support/media.ts';

test('packets of an M4A are copied when all of them decode, and else not one', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const path = await synthesize(dir, 'a.m4a', 'sine=d=4', '-c:a', 'aac', '-ac', '2', '-b:a', '96k');
  const bytes = await readFile(path);
  const packets = await readAacAudio(path);
  assert.ok(packets);
  const { sizes, offsets } = packets;
  const packet = (i: number) =>
    bytes.subarray(offsets[i], (offsets[i] as number) + (sizes[i] as number));
  const isCopied = async (audioPath: string) => {
    const made = await render(t, { imagePath, audioPath, audioType: 'audio/mp4' });
    return { made, copied: (await readFile(made.videoPath)).includes(packet(80)) };
  };
  const whole = await isCopied(path);
  assert.deepEqual([whole.copied, whole.made.warnings], [true, []]);

  const text = 'This is no sound, but a text that somebody left in the middle of a file. ';
  // The damage is in the middle: the first and the last second stay intact.
  for (let i = 60; i < 70; i++) packet(i).write(text.repeat(20));
  const damaged = await isCopied(await file(dir, 'b.m4a', bytes));
  assert.equal(damaged.copied, false);
  assert.match(damaged.made.warnings.join(), /damaged and could not be decoded/);
  assert.ok(!(await readFile(damaged.made.videoPath)).includes('that somebody left'));
});
