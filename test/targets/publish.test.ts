import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import { test } from 'node:test';
import sharp from 'sharp';
import { demux } from '../support/demux.ts';
import { file, folder, synthesizeAll } from '../support/media.ts';
import { startService } from '../support/service.ts';

type Job = {
  output: { video: string; bytes: number; width: number; height: number };
  warnings: string[];
  checks: { rule: string; is: string; ok: boolean; mend: string | null }[];
};

/** What an independent reader sees of the file, for each place that asks for something of its own. */
const sizes = {
  youtube: [1920, 1080],
  reels: [1080, 1920],
  tiktok: [1080, 1920],
  spotify: [1920, 1080],
  linkedin: [600, 600],
  x: [600, 600],
  whatsapp: [600, 600],
} as const;

test('a square cover and an MP3 become a video that each place takes', async (t) => {
  const dir = await folder(t);
  const cover = sharp({ create: { width: 600, height: 600, channels: 3, background: '#b3541e' } });
  const image = await openAsBlob(await file(dir, 'cover.jpg', await cover.jpeg().toBuffer()));
  await synthesizeAll(dir, {
    'song.mp3': ['anoisesrc=d=3.2:a=0.3:r=44100', '-ac', '2'],
    'short.mp3': ['sine=d=1', '-ac', '2'],
  });
  const audio = await openAsBlob(`${dir}/song.mp3`);
  const service = await startService(t, { worker: true });
  await Promise.all(
    Object.entries(sizes).map(async ([target, [width, height]]) => {
      const key = await service.createKey();
      const response = await service.submit(key, { image, audio, target });
      const { jobId } = (await response.json()) as { jobId: string };
      await service.until(key, jobId, 'COMPLETED');
      const job = (await (await service.call(`/api/jobs/${jobId}`, key)).json()) as Job;
      assert.ok(job.checks.length > 0, target);
      assert.deepEqual(
        job.checks.filter(({ ok }) => !ok),
        [],
        target,
      );
      assert.deepEqual([job.output.width, job.output.height], [width, height], target);
      assert.deepEqual(
        job.warnings.filter((warning) => /wants/.test(warning)),
        [],
        target,
      );
      const video = new Uint8Array(await (await fetch(job.output.video)).arrayBuffer());
      const { picture, sound } = await demux(await file(dir, `${target}.mp4`, video));
      assert.deepEqual([picture.width, picture.height], [width, height], target);
      if (target === 'linkedin') assert.ok(job.output.bytes >= 75 * 1024);
      if (['youtube', 'reels', 'spotify'].includes(target))
        assert.equal(sound.packets[0]?.seconds, 1_024 / 48_000);
    }),
  );

  const key = await service.createKey();
  const short = await openAsBlob(`${dir}/short.mp3`);
  const response = await service.submit(key, { image, audio: short, target: 'facebook' });
  const { jobId } = (await response.json()) as { jobId: string };
  await service.until(key, jobId, 'COMPLETED');
  const job = (await (await service.call(`/api/jobs/${jobId}`, key)).json()) as Job;
  const failed = job.checks.filter(({ ok }) => !ok);
  assert.deepEqual(
    failed.map(({ rule, mend }) => [rule, mend]),
    [['length', 'Send a longer audio file.']],
  );
  assert.ok(job.warnings.some((warning) => /Facebook Reels wants a length/.test(warning)));
});
