import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createLog } from '../src/log.ts';
import { migrate } from '../src/migrate.ts';
import { onOwnerGone } from '../src/owner.ts';
import { projectFiles } from '../src/project_files.ts';
import { startServer } from '../src/server.ts';
import { findFfmpeg } from '../worker/find_ffmpeg.ts';
import { startWorker } from '../worker/main.ts';
import { type Command, UsageError } from './command.ts';
import { openDatabase } from './database.ts';
import { demoClient } from './demo_client.ts';
import { demoKey } from './development_key.ts';
import { freePort } from './free_port.ts';
import { judge } from './judge_video.ts';
import { secretsKeysOf } from './secrets_key.ts';

/** Puts a sample where it can be named: in a bundle it lies in no folder. */
async function sample(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, projectFiles.read(`samples/${name}`));
  return path;
}

const help = `Usage: vidgen demo [IMAGE AUDIO] [--keep]

Starts the service, submits IMAGE and AUDIO to it as a client would, waits for the video and checks it.
Without files it uses the samples that come with VidGen.

--keep  Go on serving afterwards, until Ctrl-C.`;

export const demo: Command = {
  summary: 'make a real video of a sample picture and voice-over',
  help,
  options: { keep: { type: 'boolean' } },
  run: async ({ config: given, positionals, options }) => {
    if (positionals.length !== 0 && positionals.length !== 2) throw new UsageError(help);
    const folder = join(given.dataDir, 'demo');
    await mkdir(folder, { recursive: true });
    const [
      image = await sample(folder, 'portrait.jpg'),
      audio = await sample(folder, 'voiceover.mp3'),
    ] = positionals;
    for (const path of [image, audio]) {
      if (!(await stat(path).catch(() => undefined))?.isFile())
        throw new UsageError(`There is no file ${path}.`);
    }
    const ffmpeg = await findFfmpeg(given.ffmpegPath);
    const port = await freePort();
    const publicUrl = `http://localhost:${port}`;
    const config = { ...given, port, publicUrl, clientIpSource: 'socket' };
    const log = createLog(given.logLevel === 'info' ? 'warn' : given.logLevel);
    console.log('Starting the service');
    const database = await openDatabase(config);
    const closers: (() => Promise<void>)[] = [database.close];
    const fatal = Promise.withResolvers<never>();
    fatal.promise.catch(() => {});
    const interrupted = () =>
      fatal.reject(Object.assign(new Error('Interrupted.'), { expected: true }));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted);
    onOwnerGone(interrupted);
    try {
      await migrate(config.databaseDirectUrl ?? database.url);
      const parts = {
        config: { ...config, webhookCatcher: config.webhookCatcher ?? database.embedded },
        databaseUrl: database.url,
        log,
        onFatal: () => fatal.reject(new Error('The service stopped.')),
      };
      const server = await startServer(parts);
      closers.unshift(server.close);
      const secretsKeys = await secretsKeysOf(config, database);
      const worker = await startWorker({ ...parts, config: { ...config, secretsKeys } });
      closers.unshift(worker.close);
      const key = await demoKey(config, database);
      closers.unshift(key.close);

      console.log(`Submitting ${relative('', image)} and ${relative('', audio)} to ${publicUrl}`);
      const made = await Promise.race([
        demoClient({ publicUrl, apiKey: key.apiKey, image, audio, folder }),
        fatal.promise,
      ]);
      const verdict = await judge(ffmpeg, made.file, audio);
      console.log(`
Job         ${made.jobId}
Video       ${made.file}
Share link  ${made.shareLink}${options.keep ? '' : '  (while the service runs: see --keep)'}
Took        ${made.seconds.toFixed(1)} s for ${verdict.audioSeconds.toFixed(1)} s of audio (${(verdict.audioSeconds / made.seconds).toFixed(1)} times as fast)
${verdict.faults.length === 0 ? `Checked     H.264 ${verdict.width}x${verdict.height} and AAC, ${verdict.videoSeconds.toFixed(2)} s: right` : `NOT RIGHT   ${verdict.faults.join(' ')}`}`);
      if (options.keep) {
        console.log(`\nServing on ${publicUrl} until Ctrl-C. API key: ${key.apiKey}`);
        await fatal.promise.catch((error: { expected?: boolean }) => {
          if (!error.expected) throw error;
        });
      }
      return verdict.faults.length === 0 ? 0 : 1;
    } finally {
      for (const close of closers) await close();
    }
  },
};
