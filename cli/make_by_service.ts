import { createClient } from '../client/index.ts';
import type { MadeFile, MakeRequest } from './make_request.ts';

const words: Record<string, string> = { PENDING: 'Waiting', PROCESSING: 'Rendering' };

/** Has a service make the video, and downloads it. Throws VidgenError, or the signal's reason. */
export async function makeByService(
  service: { url: string; apiKey: string },
  { files, options, metadata, output, signal, onProgress }: MakeRequest,
): Promise<MadeFile> {
  const vidgen = createClient(service);
  onProgress(0, 'Uploading');
  const job = await vidgen.make(
    { ...files, ...options, metadata },
    { signal, onProgress: ({ progress, status }) => onProgress(progress, words[status] ?? 'Done') },
  );
  onProgress(100, 'Downloading');
  await vidgen.save(job, output, { signal });
  onProgress(100, 'Done');
  const { bytes, sha256, width, height, seconds, shareLink } = job.output;
  const { warnings, id: jobId } = job;
  const checks = job.checks as MadeFile['checks'];
  return {
    file: output,
    bytes,
    sha256,
    width,
    height,
    seconds,
    warnings,
    checks,
    jobId,
    shareLink,
  };
}
