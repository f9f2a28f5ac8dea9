import { basename, extname } from 'node:path';
import { OperatorError } from '../src/operator_error.ts';
import { type Command, UsageError } from './command.ts';
import { findings } from './findings.ts';
import { mustBeFiles } from './input_files.ts';
import { printJson } from './json_line.ts';
import type { MadeFile, MakeRequest } from './make_request.ts';
import { optionFlags, optionHelp, optionsOf } from './option_flags.ts';
import { mustBeWritable } from './output_file.ts';
import { progressBar } from './progress_bar.ts';
import { serviceFlags, serviceOf } from './service.ts';

const help = `Usage: vidgen make IMAGE AUDIO [-o FILE] [--captions FILE] [--json] [OPTIONS]
       vidgen make IMAGE AUDIO --url URL [--key KEY] [-o FILE] [--captions FILE] [--json] [OPTIONS]

Makes a video of a picture and a sound: here, without a service or a database, or by the service at URL.

-o, --output  The file to write. Default: the name of AUDIO with .mp4, in this folder.
--overwrite   Write it also where there is one already.
--captions    SubRip (.srt) or WebVTT (.vtt).
--url         Where a service is (or VIDGEN_URL). Files may then be http(s) addresses, which it fetches itself.
--key         The API key for it. VIDGEN_API_KEY is better: other users of this machine can see command lines.
--local       Make it here although VIDGEN_URL is set.
--json        One line of JSON, and no progress.

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
    json: { type: 'boolean' },
    ...optionFlags,
  },
  words: 2,
  run: async ({ config, positionals: [image, audio], options: flags }) => {
    if (!image || !audio)
      throw new UsageError(`The ${image ? 'audio' : 'image'} file is missing.\n\n${help}`);
    const service = serviceOf(config, flags);
    const { options, metadata } = optionsOf(flags);
    if (metadata && !service)
      throw new UsageError('--metadata is kept with the job of a service: give its --url too.');
    const captions = flags.captions as string | undefined;
    const files = { image, audio, ...(captions !== undefined && { captions }) };
    await mustBeFiles(Object.values(files).filter((path) => !(service && isAddress(path))));
    const output = (flags.output as string) ?? `${basename(audio, extname(audio))}.mp4`;
    await mustBeWritable(output, flags.overwrite === true, overwriteHint);

    const stop = new AbortController();
    const interrupt = () => stop.abort(new OperatorError('Interrupted.'));
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) process.on(signal, interrupt);
    const bar = progressBar(process.stderr, 'nothing');
    const request: MakeRequest = {
      files,
      options,
      metadata: metadata ?? undefined,
      output,
      signal: stop.signal,
      onProgress: (percent, what) => flags.json || bar.show(percent, what),
    };
    try {
      const made = service
        ? await (await import('./make_by_service.ts')).makeByService(service, request)
        : await (await import('./make_here.ts')).makeHere(config, request);
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

const overwriteHint = 'Add --overwrite, or name another with -o.';

const isAddress = (path: string) => /^https?:\/\//i.test(path);

function report(made: MadeFile): string {
  const { file, width, height, seconds, bytes, shareLink } = made;
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const facts = `${width}x${height}, ${seconds.toFixed(2)} s, ${size}`;
  return [`${file}  ${facts}`, ...(shareLink ? [shareLink] : []), ...findings(made)].join('\n');
}
