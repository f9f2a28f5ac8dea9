import { basename, extname } from 'node:path';
import { OperatorError } from '../src/operator_error.ts';
import { isAddress } from '../src/outbound/source_url.ts';
import { type Command, UsageError } from './command.ts';
import { findings } from './findings.ts';
import { mustBeFiles } from './input_files.ts';
import { printJson } from './json_line.ts';
import type { JobRequest, MadeFile, MakeRequest } from './make_request.ts';
import { optionFlags, optionHelp, optionsOf } from './option_flags.ts';
import { mustBeWritable } from './output_file.ts';
import { progressBar } from './progress_bar.ts';
import { serviceFlags, serviceOf } from './service.ts';

const help = `Usage: vidgen make IMAGE AUDIO [-o FILE] [--captions FILE] [--json] [OPTIONS]
       vidgen make IMAGE AUDIO --url URL [--key KEY] [--wait | --force] [-o FILE] [--json] [OPTIONS]
       vidgen make --retry JOB --url URL [--key KEY] [--wait | --force] [-o FILE] [--json] [OPTIONS]

Makes a video of a picture and a sound: here, without a service or a database, or by the service at URL.

-o, --output  The file to write. Default: the name of AUDIO with .mp4, in this folder.
--overwrite   Write it also where there is one already.
--captions    SubRip (.srt) or WebVTT (.vtt).
--local       Make it here although VIDGEN_URL is set.
--json        One line of JSON, and no progress.

By a service:

--url         Where it is (or VIDGEN_URL). Files may then be http(s) addresses, which it fetches itself.
--key         The API key for it. VIDGEN_API_KEY is better: other users of this machine can see command lines.
--wait        Wait while another job of the key is active. Without this, the command fails then.
--force       Cancel that other job instead, even if it is being rendered.
--retry       Make a FAILED or CANCELLED job again from its stored files, with other OPTIONS where some are given.
              The default of --output is then the id of JOB with .mp4.

What may pass (no connection, 429, 5xx) is tried again: an upload makes one job however often it is sent, and a
download goes on where it broke off. Ctrl-C cancels the job.

The exit status is 0 when the video is there, 1 when it could not be made, 2 when the command was wrong, and 130
when it was interrupted.

OPTIONS shape the video as those of the API do; a negative value stands behind a sign, --loudness=-14:
${optionHelp()}`;

export const make: Command = {
  summary: 'make a video of a picture and a sound, here or by a service',
  help,
  options: {
    output: { type: 'string', short: 'o' },
    overwrite: { type: 'boolean' },
    captions: { type: 'string' },
    ...serviceFlags,
    wait: { type: 'boolean' },
    force: { type: 'boolean' },
    retry: { type: 'string' },
    json: { type: 'boolean' },
    ...optionFlags,
  },
  words: 2,
  run: async ({ config, positionals, options: flags }) => {
    const service = serviceOf(config, flags);
    const { options, metadata } = optionsOf(flags);
    const of = await sourceOf(positionals, flags, service !== undefined);
    const output = (flags.output as string) ?? `${nameOf(of)}.mp4`;
    await mustBeWritable(output, flags.overwrite === true, overwriteHint);

    const stop = new AbortController();
    const interrupt = () => stop.abort(new OperatorError('Interrupted.'));
    const signals = ['SIGINT', 'SIGTERM'] as const;
    // A second one ends the process at once.
    for (const signal of signals) process.once(signal, interrupt);
    const bar = progressBar(process.stderr, 'nothing');
    const common = {
      ...{ options, output, signal: stop.signal },
      onProgress: (percent: number, what: string) => flags.json || bar.show(percent, what),
    };
    try {
      const made = service
        ? await (await import('./make_by_service.ts')).makeByService(service, {
            ...{ ...common, of, metadata: metadata ?? undefined, whenBusy: whenBusy(flags) },
          })
        : await (await import('./make_here.ts')).makeHere(config, {
            ...{ ...common, files: of as MakeRequest['files'] },
          });
      bar.end();
      if (flags.json) printJson(made);
      else console.log(report(made));
      return 0;
    } catch (error) {
      bar.end();
      if (!stop.signal.aborted) throw error;
      console.error('Interrupted.');
      return 130;
    } finally {
      for (const signal of signals) process.off(signal, interrupt);
    }
  },
};

type Flags = Parameters<Command['run']>[0]['options'];

/** The files of the command, or the job that is to be made again. Throws UsageError. */
async function sourceOf(
  [image, audio]: string[],
  flags: Flags,
  byService: boolean,
): Promise<JobRequest['of']> {
  const ofService = ['metadata', 'retry', 'wait', 'force'].find((name) => flags[name]);
  if (ofService && !byService)
    throw new UsageError(`--${ofService} is for jobs of a service: give its --url too.`);
  if (flags.wait && flags.force) throw new UsageError('Give either --wait or --force.');
  const retryOf = flags.retry as string | undefined;
  const captions = flags.captions as string | undefined;
  if (retryOf !== undefined) {
    if (!image && captions === undefined) return { retryOf };
    throw new UsageError('--retry takes the files that the job has left: name no others.');
  }
  if (!image || !audio)
    throw new UsageError(`The ${image ? 'audio' : 'image'} file is missing.\n\n${help}`);
  const files = { image, audio, ...(captions !== undefined && { captions }) };
  await mustBeFiles(Object.values(files).filter((path) => !(byService && isAddress(path))));
  return files;
}

function nameOf(of: JobRequest['of']): string {
  if ('retryOf' in of) return of.retryOf;
  return basename(of.audio, extname(of.audio));
}

const whenBusy = ({ wait, force }: Flags): JobRequest['whenBusy'] =>
  wait ? 'wait' : force ? 'cancel' : 'fail';

const overwriteHint = 'Add --overwrite, or name another with -o.';

function report(made: MadeFile): string {
  const { file, width, height, seconds, bytes, shareLink } = made;
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const facts = `${width}x${height}, ${seconds.toFixed(2)} s, ${size}`;
  return [`${file}  ${facts}`, ...(shareLink ? [shareLink] : []), ...findings(made)].join('\n');
}
