import { Lexer, type Token } from 'marked';

export type { Token };

/** The parts of a description, which is CommonMark: text, code, links, emphasis. */
export const tokensOfProse = (text: string): Token[] => Lexer.lexInline(text, { gfm: false });

/** A description as plain text: for tooltips and terminals. */
export const plainProse = (text: string): string => tokensOfProse(text).map(plain).join('');

const plain = (token: Token): string =>
  'tokens' in token && token.tokens ? token.tokens.map(plain).join('') : textOf(token);

/** The characters of a part without parts of its own. */
export const textOf = (token: Token): string => ('text' in token ? token.text : token.raw);
