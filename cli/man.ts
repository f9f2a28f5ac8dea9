import type { Command, Commands } from './command.ts';

const help = `Usage: vidgen man > vidgen.1

Prints the manual page, made of what --help says: "vidgen man | man -l -" shows it.`;

/** A line of a manual page must not begin with a dot or a quote, and a backslash is a command. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');

export const manOf = (commands: Commands, version: string): Command => ({
  summary: 'print the manual page',
  help,
  options: {},
  run: async () => {
    const pages: string[] = [];
    for (const [name, load] of Object.entries(commands)) {
      const { summary, help: told } = name === 'man' ? manOf(commands, version) : await load();
      pages.push(`.SS vidgen ${name}\n${escaped(summary)}\n.PP\n.nf\n${escaped(told)}\n.fi`);
    }
    console.log(`.TH VIDGEN 1 "" "VidGen ${version}"
.SH NAME
vidgen \\- one picture and one audio file become a finished video, over a simple HTTP API
.SH SYNOPSIS
.B vidgen
COMMAND [OPTIONS]
.SH COMMANDS
${pages.join('\n')}
.SH ENVIRONMENT
All settings are environment variables: see docs/settings.md.
.SH EXIT STATUS
0 on success, 1 when something failed, 2 when the command was used incorrectly.`);
    return 0;
  },
});
