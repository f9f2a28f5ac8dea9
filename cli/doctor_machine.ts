import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../src/config.ts';
import { openBox } from '../worker/media/box/box.ts';
import { findFfmpeg } from '../worker/media/ffmpeg/find_ffmpeg.ts';
import { drawableScripts, installFonts } from '../worker/media/picture/captions/scripts.ts';
import { examine, type Finding, warning } from './doctor_check.ts';

const run = promisify(execFile);
const codecs = ['libx264', 'aac'];
const roomWanted = 2 * 1024 ** 3;

/** This machine, without the database. */
export const examineMachine = (config: Config): AsyncGenerator<Finding> =>
  examine([
    {
      about: 'Node.js',
      remedy: 'Install Node.js 22.18 or newer from https://nodejs.org.',
      look: async () => {
        const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
        if (major < 22 || (major === 22 && minor < 18))
          throw new Error(`${process.versions.node} is too old.`);
        return process.versions.node;
      },
    },
    {
      about: 'ffmpeg',
      remedy: 'Install ffmpeg with libx264 and AAC, or set FFMPEG_PATH to one (workers need it).',
      look: async () => {
        const { ffmpegPath, from } = await findFfmpeg(config.ffmpegPath);
        const { stdout } = await run(ffmpegPath, ['-hide_banner', '-encoders']);
        const missing = codecs.filter((name) => !new RegExp(`^ \\S{6} ${name} `, 'm').test(stdout));
        if (missing.length > 0) throw new Error(`It has no encoder ${missing.join(' and no ')}.`);
        const version = /version (\S+)/.exec((await run(ffmpegPath, ['-version'])).stdout)?.[1];
        return `${version}, with ${codecs.join(' and ')}, at ${ffmpegPath} (from ${from})`;
      },
    },
    {
      about: 'Sandbox',
      remedy:
        'Install a C compiler (apt-get install gcc libc6-dev) or bubblewrap, or run on Linux 5.13 or newer.',
      look: async () => {
        const { level, reason } = await openBox(config.sandbox);
        if (level === 'landlock' || level === 'bubblewrap') return `${level} (${reason})`;
        return warning(`${level}: a decoder that is taken over could read other files`, reason);
      },
    },
    {
      about: 'Fonts',
      remedy: 'Install the release again: the fonts that come with it cannot be read.',
      look: async () => {
        const { drawable, missing } = await drawableScripts();
        const said = `captions can be drawn in ${drawable.join(', ')}`;
        if (missing.length === 0) return said;
        return warning(
          `${said}; not in ${missing.join(', ')}`,
          `Run "${installFonts}" on workers and restart them, if captions in these are to be drawn into pictures.`,
        );
      },
    },
    {
      about: 'Temporary folder',
      remedy: 'Make it writable, or set TMPDIR to a folder on a disk with room.',
      look: async () => {
        const folder = await mkdtemp(join(tmpdir(), 'vidgen-doctor-'));
        try {
          await writeFile(join(folder, 'test'), Buffer.alloc(64 * 1024));
          const { bavail, bsize } = await statfs(folder);
          const room = bavail * bsize;
          const said = `${tmpdir()}, ${(room / 1024 ** 3).toFixed(1)} GiB free`;
          return room < roomWanted
            ? warning(said, 'Rendering an hour of audio takes up to 2 GiB there: make room.')
            : said;
        } finally {
          await rm(folder, { recursive: true });
        }
      },
    },
    {
      about: 'Public URL',
      remedy: 'Set PUBLIC_URL to where callers reach the service.',
      look: async () => {
        if (!config.publicUrl) {
          return warning(
            `PUBLIC_URL is not set, so videos get addresses on http://localhost:${config.port}`,
            'Set it to where callers reach the service, before others use it.',
          );
        }
        const url = `${config.publicUrl}/api/health`;
        try {
          const { status } = await fetch(url, { signal: AbortSignal.timeout(5_000) });
          if (status === 200) return `${config.publicUrl} answers`;
          return warning(`${url} answers ${status}`, 'Another program may have its port.');
        } catch (error) {
          const cause = (error as { cause?: { code?: string } }).cause?.code ?? String(error);
          return warning(
            `${url} does not answer from here (${cause})`,
            'Well if the service does not run just now. Else see that the name and the port lead to it.',
          );
        }
      },
    },
  ]);
