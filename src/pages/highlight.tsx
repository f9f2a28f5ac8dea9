export type Language = 'sh' | 'js' | 'py' | 'php' | 'go' | 'json';

const hashComment = /(?<=^|\s)#(?!\[).*/;
const slashComment = /(?<=^|\s)\/\/.*/;
const string = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/;
const number = /(?<![:.\w-])\d+(?:\.\d+)?\b/;
/** The name of a member in JSON. */
const property = /"(?:\\.|[^"\\\n])*"(?=:)/;

const comments: Partial<Record<Language, RegExp>> = {
  sh: hashComment,
  py: hashComment,
  js: slashComment,
  php: slashComment,
  go: slashComment,
};

const keywords: Record<Language, string> = {
  sh: 'curl|printf|openssl|for|in|do|done|if|then|else|fi|while|echo',
  js: 'import|from|const|let|await|async|for|of|while|if|else|return|throw|new|function|try|catch',
  py: 'import|from|as|with|def|class|if|elif|else|for|in|while|return|raise|not|and|or|is|None|True|False|try|except',
  php: 'php|function|if|else|while|for|foreach|as|return|exit|echo|new|throw|true|false|null',
  go: 'package|import|func|var|const|if|else|for|range|return|defer|struct|type|nil|true|false|map|string|byte',
  json: 'true|false|null',
};

/** Code as text with its strings, numbers, comments and keywords marked: enough to read it by. */
export function Highlighted({ code, language }: { code: string; language: Language }) {
  const parts = [
    comments[language] && `(?<c>${comments[language].source})`,
    language === 'json' && `(?<p>${property.source})`,
    `(?<s>${string.source})`,
    `(?<n>${number.source})`,
    `(?<k>(?<![.$\\w-])(?:${keywords[language]})\\b)`,
  ].filter(Boolean);
  const token = new RegExp(parts.join('|'), 'gm');
  const shown: unknown[] = [];
  let end = 0;
  for (const match of code.matchAll(token)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    shown.push(code.slice(end, match.index), <span class={`t-${kind}`}>{match[0]}</span>);
    end = match.index + match[0].length;
  }
  return <code>{[...shown, code.slice(end)]}</code>;
}
