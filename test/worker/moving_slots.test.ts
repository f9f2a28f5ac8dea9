import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sql } from 'kysely';
import { ffmpegPath, ffprobePath, file, folder } from '../support/media.ts';
import { type Key, sample, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { silentWav } from '../support/wav.ts';

test('plain jobs do not wait for moving ones, whatever these take and however many they are', async (t) => {
  const dir = await folder(t);
  // Reads no faster than sound is heard, so that a long job takes its time, but nobody else's. In the box it could not
  // start the other program.
  const program = async (name: string, line: string) =>
    chmod(await file(dir, name, `#!/bin/sh\nexec ${line} "$@"\n`), 0o755);
  await program('ffmpeg', `${ffmpegPath} -readrate 1`);
  await program('ffprobe', ffprobePath);
  const slowed = { FFMPEG_PATH: `${dir}/ffmpeg`, SANDBOX: 'off' };
  const env = { RENDER_CONCURRENCY: '1', MOVING_CONCURRENCY: '1', ...slowed };
  const service = await startService(t, { worker: true, env });
  // Long enough to be still rendering while the others are made, on any machine.
  const audio = new Blob([new Uint8Array(silentWav(1_200, 8_000))]);
  const image = new Blob([await readFile(sample('portrait.jpg'))]);
  const submit = async (fields: Record<string, Blob | string>) => {
    const key = await service.createKey();
    const answer = await service.submit(key, fields);
    assert.equal(answer.status, 201, await answer.clone().text());
    return { key, jobId: ((await answer.json()) as { jobId: string }).jobId };
  };
  const statusOf = async ({ key, jobId }: { key: Key; jobId: string }) =>
    ((await (await service.call(`/api/status/${jobId}`, key)).json()) as { status: string }).status;

  const moving = await submit({ image, audio, waveform: 'bars' });
  await service.until(moving.key, moving.jobId, 'PROCESSING');
  const waiting = await submit({ image, audio, motion: 'zoom-in', waveform: 'line' });
  for (let i = 0; i < 2; i++) {
    const plain = await submit(await tinyInputs());
    await service.until(plain.key, plain.jobId, 'COMPLETED');
  }
  assert.deepEqual([await statusOf(moving), await statusOf(waiting)], ['PROCESSING', 'PENDING']);
  const queued = await service.db.first<{ waiting: number; running: number }>(
    sql`select waiting::integer, running::integer from admin.queue where task = 'render_moving'`,
  );
  assert.deepEqual(queued && { ...queued }, { waiting: 1, running: 1 });
  for (const { jobId } of [waiting, moving])
    await service.db.run(sql`select admin.fail_job(${jobId}, 'The test is over.')`);
});
