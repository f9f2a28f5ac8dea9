import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

const subRip = `1
00:00:00,040 --> 00:00:00,200
<i>Hallo</i> Welt`;

describe('7.7 captions beside the video', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup, { worker: true });
  });

  /** A finished job with captions, as its owner and visitors see it. */
  const made = async (options: Record<string, string>) => {
    const key = await service.createKey();
    const sent = await service.submit(key, {
      ...(await tinyInputs()),
      captions: new Blob([subRip]),
      ...options,
    });
    const { jobId } = (await sent.json()) as { jobId: string };
    const { outputVideo, outputShareLink } = await service.until(key, jobId, 'COMPLETED');
    const told = await service.db.first(
      sql<{
        url: string | null;
      }>`select api.captions_url(j, ${service.url}) as url from vidgen.job j where id = ${jobId}`,
    );
    const page = await (await fetch(outputShareLink ?? '')).text();
    const [track] = /<track[^>]*>/.exec(page) ?? [];
    const vtt = (outputVideo ?? '').replace('video.mp4', 'captions.vtt');
    return { jobId, vtt, track, told: told?.url };
  };

  test('track: as WebVTT that any site may read, and on the share page', async () => {
    const { jobId, vtt, track, told } = await made({ captionLanguage: 'de' });
    assert.equal(told, vtt);
    const answer = await fetch(vtt);
    assert.equal(answer.headers.get('Content-Type'), 'text/vtt; charset=utf-8');
    assert.equal(answer.headers.get('Access-Control-Allow-Origin'), '*');
    assert.equal(
      await answer.text(),
      'WEBVTT\n\n00:00:00.040 --> 00:00:00.200\n<i>Hallo</i> Welt\n',
    );
    for (const part of [
      /kind="subtitles"/,
      /srclang="de"/,
      /label="Deutsch"/,
      /default/,
      new RegExp(`src="${new URL(vtt).pathname}"`),
    ])
      assert.match(track ?? '', part);
    await service.db.run(
      sql`update vidgen.blob set created_at = now() - interval '1 year' where job_id = ${jobId}`,
    );
    await service.db.run(
      sql`update vidgen.job set finished_at = now() - interval '1 year' where id = ${jobId}`,
    );
    await service.db.run(sql`select api.expire_videos('30 days')`);
    assert.equal((await fetch(vtt)).status, 410);
  });

  test('both: not shown at once, because they are in the picture; burned: nowhere else', async () => {
    const [both, burned] = await Promise.all(
      ['both', 'burned'].map((captionStyle) => made({ captionStyle })),
    );
    assert.equal((await fetch(both?.vtt ?? '')).status, 200);
    assert.match(both?.track ?? '', /srclang="und" label="Captions"/);
    assert.doesNotMatch(both?.track ?? '', /default/);
    assert.equal((await fetch(burned?.vtt ?? '')).status, 404);
    assert.deepEqual([burned?.track, burned?.told], [undefined, null]);
  });
});
