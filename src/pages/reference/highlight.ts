export type Language = 'sh' | 'js' | 'py' | 'php' | 'go' | 'json';

const hashComment = /(?<=^|\s)#(?!\[).*/;
const slashComment = /(?<=^|\s)\/\/.*/;
const string = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/;
const number = /(?<![:.\w-])\d+(?:\.\d+)?\b/;
/** The key of a JSON property. */
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

/** A piece of code. `kind` is c(omment), p(roperty), s(tring), n(umber), k(eyword), or '' for the rest. */
export type Token = { kind: string; text: string };

/** Splits code into strings, numbers, comments, keywords and the rest. It does not parse the language. */
export function tokensOf(code: string, language: Language): Token[] {
  const parts = [
    comments[language] && `(?<c>${comments[language].source})`,
    language === 'json' && `(?<p>${property.source})`,
    `(?<s>${string.source})`,
    `(?<n>${number.source})`,
    `(?<k>(?<![.$\\w-])(?:${keywords[language]})\\b)`,
  ].filter(Boolean);
  const found: Token[] = [];
  let end = 0;
  for (const match of code.matchAll(new RegExp(parts.join('|'), 'gm'))) {
    const [kind = ''] =
      Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    found.push({ kind: '', text: code.slice(end, match.index) }, { kind, text: match[0] });
    end = match.index + match[0].length;
  }
  return [...found, { kind: '', text: code.slice(end) }].filter(({ text }) => text !== '');
}
