import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createClient, type Job, type Submission } from '../client/index.ts';
import { OperatorError } from '../src/operator_error.ts';
import { migrate } from '../src/postgres/migrate.ts';
import { projectFiles } from '../src/process/project_files.ts';
import { findFfmpeg } from '../worker/media/ffmpeg/find_ffmpeg.ts';
import { type Command, UsageError } from './command.ts';
import { demoKey } from './development_key.ts';
import { findings } from './findings.ts';
import { mustBeFiles } from './input_files.ts';
import { judge, type Verdict } from './judge_video.ts';
import { optionFlags, optionHelp, optionsOf } from './option_flags.ts';
import { progressBar } from './progress_bar.ts';
import { openServer, openWorker, serve } from './run_service.ts';

const help = `Usage: vidgen demo [IMAGE AUDIO] [--keep] [OPTIONS]

Starts the service, submits IMAGE and AUDIO to it as a client would, waits for the video and checks it.
Without files it uses the samples that come with VidGen.

--keep  Go on serving afterwards, until Ctrl-C.

OPTIONS shape the video as those of the API do; a negative value stands behind a sign, --loudness=-14:
${optionHelp()}`;

export const demo: Command = {
  summary: 'make a real video of a sample picture and voice-over',
  help,
  options: { keep: { type: 'boolean' }, ...optionFlags },
  words: 2,
  run: async ({ config: given, positionals, options: { keep = false, ...flags } }) => {
    const { options: shape, metadata } = optionsOf(flags);
    const ffmpeg = findFfmpeg(given.ffmpegPath);
    const folder = join(given.dataDir, 'demo');
    const [image, audio] = await inputs(positionals, folder);
    const config = {
      ...given,
      // On a separate port, beside a service that may be running.
      ...{ port: 0, publicUrl: undefined, clientIpSource: 'socket' },
      logLevel: given.logLevel === 'info' ? ('warn' as const) : given.logLevel,
    };
    console.log('Starting the service');
    return serve(config, 'guest', async ({ database, options, opened, ended }) => {
      ended.then(() => console.error('Stopping'));
      await migrate(database.owner, { roles: database.embedded });
      await openServer({ ...options, databaseUrl: database.web }, opened);
      await openWorker({ ...options, databaseUrl: database.worker }, opened);
      const { apiKey, close } = await demoKey(options.config, database.owner);
      opened.add(close);
      const { publicUrl } = options.config;
      console.log(`Submitting ${relative('', image)} and ${relative('', audio)} to ${publicUrl}`);
      const made = await Promise.race([
        makeVideo(
          { url: publicUrl, apiKey },
          { image, audio, ...shape, metadata: metadata ?? undefined },
          folder,
        ),
        ended.then((status) => {
          throw new OperatorError(status === 0 ? 'Interrupted.' : 'The service stopped.');
        }),
      ]);
      const verdict = await judge(ffmpeg, made.file, audio);
      console.log(report(made, verdict, keep === true));
      if (keep) {
        console.log(`\nServing on ${publicUrl} until Ctrl-C. API key: ${apiKey}`);
        if ((await ended) !== 0) return 1;
      }
      return verdict.faults.length === 0 ? 0 : 1;
    });
  },
};

type DemoVideo = { job: Job; file: string; seconds: number };

/** What any client would do: submit, watch, download. */
async function makeVideo(
  service: { url: string; apiKey: string },
  submission: Submission,
  folder: string,
): Promise<DemoVideo> {
  const began = performance.now();
  const vidgen = createClient(service);
  const bar = progressBar(process.stdout, 'lines');
  const job = await vidgen
    .make(submission, { onProgress: ({ progress, status }) => bar.show(progress, status) })
    .finally(() => bar.end());
  const seconds = (performance.now() - began) / 1000;
  const file = join(folder, `${job.id}.mp4`);
  await vidgen.save(job, file);
  return { job, file, seconds };
}

/** The caller's two files, or the samples, which are not files in a bundle. */
async function inputs(positionals: string[], folder: string): Promise<[string, string]> {
  const [image, audio] = positionals;
  if (image && !audio) throw new UsageError(`The audio file is missing.\n\n${help}`);
  await mustBeFiles(positionals);
  await mkdir(folder, { recursive: true });
  if (image && audio) return [image, audio];
  const samples = ['portrait.jpg', 'voiceover.mp3'].map(async (name) => {
    const path = join(folder, name);
    await writeFile(path, projectFiles.read(`samples/${name}`));
    return path;
  });
  return (await Promise.all(samples)) as [string, string];
}

function report(made: DemoVideo, verdict: Verdict, keeps: boolean): string {
  const { audioSeconds, videoSeconds, width, height, faults } = verdict;
  const checked =
    faults.length === 0
      ? `Checked     H.264 ${width}x${height} and AAC, ${videoSeconds.toFixed(2)} s: right`
      : `NOT RIGHT   ${faults.join(' ')}`;
  return `
Job         ${made.job.id}
Video       ${made.file}
Share link  ${made.job.outputShareLink}${keeps ? '' : '  (while the service runs: see --keep)'}
Took        ${made.seconds.toFixed(1)} s for ${audioSeconds.toFixed(1)} s of audio (${(audioSeconds / made.seconds).toFixed(1)} times as fast)
${checked}${seen(made.job)}`;
}

/** What the job says of its video. */
const seen = (job: Job): string =>
  findings(job)
    .map((line, i) => `\n${i === 0 ? 'The job says' : '            '} ${line}`)
    .join('');
