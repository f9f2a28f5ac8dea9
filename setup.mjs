// Sets up what a command needs, then runs it. All of setup/ is plain JavaScript without packages, because it
// is what fetches them, and it must run on an old Node.js.
import { resolve } from 'node:path';
import { boxIsBuilt, buildBox } from './setup/box.mjs';
import { prepareFonts } from './setup/fonts.mjs';
import { exclusivelyUnless, isOlder, Refusal, root, say } from './setup/install.mjs';
import { preparePackages } from './setup/packages.mjs';
import { findProgram, prepareFfmpeg } from './setup/programs.mjs';
import { run } from './setup/run.mjs';

const help = `Usage: node setup.mjs [FILE [ARGS...]]

Installs what is missing (packages, a recent Node.js, ffmpeg, fonts for captions), then runs FILE with ARGS.
Without FILE it only installs. Says on stderr what it does; stdout belongs to FILE.

  FFMPEG_PATH     the ffmpeg to use, with ffprobe beside it; else the one that "npm run build:ffmpeg" made;
                  else the one on the PATH`;

/** Which commands need more than packages. */
const programsByWord = new Map([
  ['setup', ['ffmpeg', 'fonts']],
  ['start', ['ffmpeg', 'fonts']],
  ['worker', ['ffmpeg', 'fonts']],
  ['demo', ['ffmpeg']],
  ['make', ['ffmpeg']],
  ['test/run.ts', ['ffmpeg']],
  ['bench/run.ts', ['ffmpeg']],
]);

async function main([file, ...args]) {
  if (file === '--help' || file === '-h') return console.log(help);
  if (isOlder(process.versions.node, '20')) {
    throw new Refusal(
      `VidGen needs Node.js 20 or newer (this is ${process.versions.node}): get it from https://nodejs.org.`,
    );
  }
  const word = file === 'cli/vidgen.ts' ? args[0] : (file ?? 'setup');
  const programs = programsByWord.get(word) ?? [];
  const runtime = await preparePackages(/^(test|bench|build)\//.test(file));
  if (programs.includes('ffmpeg')) await prepareFfmpeg(/^(test|bench)\//.test(file));
  if (programs.includes('ffmpeg') || word === 'build/build.ts' || word === 'build/binary.ts')
    await exclusivelyUnless(
      () => boxIsBuilt(root),
      () => buildBox(root, findProgram),
    );
  if (programs.includes('fonts')) await prepareFonts();
  if (file) await run(runtime, resolve(root, file), args);
  else say('Everything is set up.');
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Refusal ? error.message : `The setup failed: ${error.message}`);
  process.exitCode = 1;
});
