import { type Command, type Commands, named, UsageError } from './command.ts';

const help = `Usage: vidgen completion bash
       vidgen completion zsh
       vidgen completion fish

Prints what makes the shell complete commands, their first words and options:

  bash  source <(vidgen completion bash)     in ~/.bashrc
  zsh   source <(vidgen completion zsh)      in ~/.zshrc, after compinit
  fish  vidgen completion fish > ~/.config/fish/completions/vidgen.fish`;

/** `"jobs"` and `"jobs retry"` with what may follow. */
type Words = Map<string, string[]>;

export const completionOf = (commands: Commands): Command => ({
  summary: 'print the completion for bash, zsh or fish',
  help,
  options: {},
  words: 1,
  actions: { bash: {}, zsh: {}, fish: {} },
  run: async ({ positionals: [shell = ''] }) => {
    const script = named(scripts, shell);
    if (!script) throw new UsageError(help);
    console.log(script(await wordsOf(commands)));
    return 0;
  },
});

async function wordsOf(commands: Commands): Promise<Words> {
  const words: Words = new Map([['', [...Object.keys(commands), 'help']]]);
  for (const [name, load] of Object.entries(commands)) {
    // The command that asks is not loaded again.
    const { actions, options } = name === 'completion' ? completionOf(commands) : await load();
    const flags = (names: string[]) => names.map((option) => `--${option}`);
    words.set(name, actions ? Object.keys(actions) : flags(Object.keys(options)));
    for (const [action, { options = [] }] of Object.entries(actions ?? {}))
      words.set(`${name} ${action}`, name === 'completion' ? [] : flags([...options, 'json']));
  }
  return words;
}

const scripts: Record<string, (words: Words) => string> = {
  bash: (words) => `_vidgen() {
  local before="\${COMP_WORDS[*]:1:COMP_CWORD-1}" current="\${COMP_WORDS[COMP_CWORD]}" words=
  ${caseOf(words, 'before', (all) => `words="${all.join(' ')}"`)}
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} = 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _vidgen vidgen`,

  zsh: (words) => `_vidgen() {
  local before="\${words[2,CURRENT-1]}"
  local -a candidates
  ${caseOf(words, 'before', (all) => `candidates=(${all.join(' ')})`)}
  (( $#candidates )) && compadd -- $candidates || _files
}
compdef _vidgen vidgen`,

  fish: (words) =>
    [...words]
      .flatMap(([before, all]) => {
        const [command, action] = before.split(' ');
        const condition = !command
          ? '__fish_use_subcommand'
          : action
            ? `__fish_seen_subcommand_from ${command}; and __fish_seen_subcommand_from ${action}`
            : `__fish_seen_subcommand_from ${command}`;
        return all.map((word) =>
          word.startsWith('--')
            ? `complete -c vidgen -n '${condition}' -l ${word.slice(2)}`
            : `complete -c vidgen -f -n '${condition}' -a ${word}`,
        );
      })
      .join('\n'),
};

/** The same in bash and zsh. Options may come after others, so only the first two words count. */
const caseOf = (words: Words, variable: string, then: (all: string[]) => string): string => {
  const branches = [...words]
    .sort(([a], [b]) => b.length - a.length)
    .map(
      ([before, all]) =>
        `    ${before ? `"${before}"${before.includes(' ') ? '*' : ''}` : '""'}) ${then(all)} ;;`,
    );
  return `case "$${variable}" in\n${branches.join('\n')}\n  esac`;
};
