import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { clientModule } from '../../build/client.ts';
import type { createClient } from '../../client/index.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

type Loaded = { vidgenClient: { createClient: typeof createClient } };

/** The published client in a page, as a program that bundles it would use it. */
export function clientInBrowser(started: () => Browser): void {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup, { worker: true });
  });

  test('makes a video of a File and a stream, downloads it, and says that there are no paths', async () => {
    const bundle = { format: 'iife', globalName: 'vidgenClient', write: false } as const;
    const { outputFiles } = await build({ ...clientModule, ...bundle });
    const page = await started().newPage();
    // A page without a content security policy.
    await page.goto(`${service.url}/api/health`);
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    const { image, audio } = await tinyInputs();
    const { apiKey } = await service.createKey();
    const given = {
      ...{ url: service.url, apiKey },
      image: [...new Uint8Array(await image.arrayBuffer())],
      audio: [...new Uint8Array(await audio.arrayBuffer())],
    };
    const { size, bytes, status, refused } = await page.evaluate(async (from) => {
      const { createClient } = (globalThis as unknown as Loaded).vidgenClient;
      const vidgen = createClient(from);
      const job = await vidgen.make({
        image: new File([new Uint8Array(from.image)], 'picture.png'),
        audio: new Blob([new Uint8Array(from.audio)]).stream(),
      });
      let size = 0;
      for await (const piece of vidgen.download(job)) size += piece.length;
      const path = vidgen.submit({ image: 'portrait.jpg', audio: new Blob([]) });
      const refused = await path.then(String, (error) => `${error.code}: ${error.message}`);
      return { size, bytes: job.output.bytes, status: job.status, refused };
    }, given);
    await page.close();
    assert.deepEqual([size, status], [bytes, 'COMPLETED']);
    assert.match(refused, /^file_unreadable: Paths work in Node\.js only/);
  });
}
