import { allTargets } from '../../src/targets/list.ts';
import type { Source } from '../../src/targets/sources.ts';

const intro = `<!-- Generated from src/targets by "npm run generate". Do not edit. -->

# Targets

The option \`target\` names the place where a video is to be published. It sets what the place asks for wherever the
caller left an option out, encodes the file by the place's rules, and holds the finished video against them: \`checks\`
in \`GET /api/jobs/:jobId\`. A video that breaks a rule is made all the same; the check and a warning say what to do.
Places change their rules, and not every one publishes them: each number has its source and the day it was read.
*Quoted* means that others report it and the place itself was not read. \`GET /api/targets\` has the same as JSON.`;

/** Makes docs/targets.md, the readable table of targets. */
export function targetsDocument(): string {
  const sections = allTargets().map(({ name, title, options, rules, advice }) => {
    const set = Object.entries(options).map(([option, value]) => `\`${option}=${value}\``);
    return [
      `## ${title} (\`${name}\`)`,
      `Sets ${set.length > 0 ? set.join(', ') : 'no options'}.`,
      ['| rule | wanted | source |', '| --- | --- | --- |', ...rules.map(row)].join('\n'),
      ...(advice.length > 0
        ? [advice.map(({ text, source }) => `- ${text} (${linkTo(source)})`).join('\n')]
        : []),
    ].join('\n\n');
  });
  return `${[intro, ...sections].join('\n\n')}\n`;
}

const row = ({ rule, wanted, source }: { rule: string; wanted: string; source: Source }) =>
  `| \`${rule}\` | ${wanted} | ${linkTo(source)} |`;

const linkTo = ({ title, url, owner, read }: Source) =>
  `[${title}](${url}), ${owner ? '' : 'quoted, '}${read}`;
