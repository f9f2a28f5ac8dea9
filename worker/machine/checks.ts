import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../src/config.ts';
import { openBox } from '../media/box/open_box.ts';
import { findFfmpeg } from '../media/ffmpeg/find_ffmpeg.ts';
import { FontCoverage } from '../media/picture/captions/font_coverage.ts';
import { drawableScripts, installFonts } from '../media/picture/captions/scripts.ts';
import { type Check, warning } from './check.ts';
import { renderOneFrame } from './render_one_frame.ts';

const run = promisify(execFile);
const codecs = ['libx264', 'aac'];
const gib = 1024 ** 3;
/** An hour of audio needs this much. */
const roomWanted = 2 * gib;
/** With less, not even short jobs get through. */
const roomNeeded = 16 * 1024 ** 2;

const installFfmpeg = 'Install ffmpeg with libx264 and AAC, or set FFMPEG_PATH to one.';

export const ffmpeg = (config: Config): Check => ({
  about: 'ffmpeg',
  remedy: `${installFfmpeg.slice(0, -1)} (workers need it).`,
  look: async () => {
    const { ffmpegPath, from } = findFfmpeg(config.ffmpegPath);
    const { stdout } = await run(ffmpegPath, ['-hide_banner', '-encoders']);
    const missing = codecs.filter((name) => !new RegExp(`^ \\S{6} ${name} `, 'm').test(stdout));
    if (missing.length > 0) throw new Error(`It has no encoder ${missing.join(' and no ')}.`);
    const version = /version (\S+)/.exec((await run(ffmpegPath, ['-version'])).stdout)?.[1];
    return `${version}, with ${codecs.join(' and ')}, at ${ffmpegPath} (from ${from})`;
  },
});

export const sandbox = (config: Config): Check => ({
  about: 'Sandbox',
  remedy:
    'Install a C compiler (apt-get install gcc libc6-dev) or bubblewrap, or run on Linux 5.13 or newer.',
  look: async () => {
    const { level, reason } = await openBox(config.sandbox);
    if (level === 'landlock' || level === 'bubblewrap') return `${level} (${reason})`;
    return warning(`${level}: a decoder that is taken over could read other files`, reason);
  },
});

const ownFontsRemedy = 'Install the release again: the fonts that come with it cannot be read.';

export const ownFonts: Check = {
  about: 'Fonts',
  remedy: ownFontsRemedy,
  look: async () => (await drawableScripts(new FontCoverage([]))).drawable.join(', '),
};

export const fonts: Check = {
  about: 'Fonts',
  remedy: ownFontsRemedy,
  look: async () => {
    const { drawable, missing } = await drawableScripts();
    const said = `captions can be drawn in ${drawable.join(', ')}`;
    if (missing.length === 0) return said;
    return warning(
      `${said}; not in ${missing.join(', ')}`,
      `Run "${installFonts}" on workers and restart them, if captions in these are to be drawn into pictures.`,
    );
  },
};

export const temporaryFolder: Check = {
  about: 'Temporary folder',
  remedy: 'Make it writable and make room, or set TMPDIR to a folder on a disk with room.',
  look: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-check-'));
    try {
      await writeFile(join(folder, 'test'), Buffer.alloc(64 * 1024));
      const { bavail, bsize } = await statfs(folder);
      const room = bavail * bsize;
      const said = `${tmpdir()}, ${(room / gib).toFixed(1)} GiB free`;
      if (room < roomNeeded) throw new Error(`${said}: too little to render anything.`);
      return room < roomWanted
        ? warning(said, 'Rendering an hour of audio takes up to 2 GiB there: make room.')
        : said;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** Whatever else may be missing shows here: this is the way that every job takes. */
export const rendering = (config: Config): Check => ({
  about: 'Rendering',
  remedy: installFfmpeg,
  look: async () => {
    const found = findFfmpeg(config.ffmpegPath);
    await renderOneFrame({ ...found, box: await openBox(config.sandbox) });
    return 'a frame and its sound were made';
  },
});
