import { parseArgs } from 'node:util';
import { runCorpus, tableOf } from './corpus.ts';

const help = `Usage: npm run corpus -- FOLDER

Makes a video of every picture and every sound in a folder, judges each against another decoding of the file,
and prints a table by cause. Exits with 1 where a video is wrong or the fault is ours. See docs/corpus.md.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
});
const [folder] = positionals;
if (values.help || !folder) {
  console.log(help);
  process.exitCode = values.help ? 0 : 2;
} else {
  const verdicts = await runCorpus(folder, ({ file, outcome, cause }) =>
    console.error(`${outcome}: ${file} (${cause})`),
  );
  console.log(tableOf(verdicts));
  const isBad = verdicts.some(({ outcome }) => outcome === 'wrong' || outcome === 'our fault');
  process.exitCode = isBad ? 1 : 0;
}
