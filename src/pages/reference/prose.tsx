import type { Child } from 'hono/jsx';
import { type Token, textOf, tokensOfProse } from '../../openapi/prose.ts';

/** A description of the API, from the same CommonMark as in openapi.json. */
export const Prose = ({ text }: { text: string }) => <>{tokensOfProse(text).map(shown)}</>;

function shown(token: Token): Child {
  const parts: Child = 'tokens' in token && token.tokens ? token.tokens.map(shown) : textOf(token);
  if (token.type === 'codespan') return <code>{parts}</code>;
  if (token.type === 'link') return <a href={token.href}>{parts}</a>;
  if (token.type === 'strong') return <strong>{parts}</strong>;
  if (token.type === 'em') return <em>{parts}</em>;
  return parts;
}
