import type { JSXNode } from 'hono/jsx';

/** Controls and pictures, which hold no text to read. */
const unreadable = new Set([
  ...[
    'button',
    'form',
    'input',
    'label',
    'legend',
    'noscript',
    'script',
    'select',
    'svg',
    'video',
    'audio',
  ],
  ...['img', 'textarea'],
]);
const blocks = new Set([
  'p',
  'summary',
  'figure',
  'dl',
  'ul',
  'ol',
  'table',
  'pre',
  'h2',
  'h3',
  'h4',
  'caption',
  'figcaption',
]);

type Element = { tag: string; props: Record<string, unknown>; children: Child[] };
type Child = Element | string;

/** Renders a part of the page as Markdown. Links within the page stay as they are: `#errors`. */
export const markdownOf = (node: unknown): string => `${blocksOf(plain(node)).join('\n\n')}\n`;

/** Renders components until only elements and text are left. */
function plain(node: unknown): Child[] {
  if (Array.isArray(node)) return node.flatMap(plain);
  if (node === null || node === undefined || typeof node === 'boolean') return [];
  if (!isNode(node)) return [String(node)];
  const { tag, props, children } = node as unknown as {
    tag: string | ((props: object) => unknown);
    props: Record<string, unknown>;
    children: unknown[];
  };
  if (typeof tag === 'function')
    return plain(tag({ ...props, ...(children.length > 0 && { children }) }));
  if (tag === '') return plain(children);
  if (unreadable.has(tag) || /\b(unseen|needs-scripts|try)\b/.test(String(props.class ?? '')))
    return [];
  return [{ tag, props, children: plain(children) }];
}

const isNode = (value: unknown): value is JSXNode =>
  typeof value === 'object' && value !== null && 'tag' in value && 'props' in value;

function blocksOf(children: Child[]): string[] {
  const found: string[] = [];
  let line: Child[] = [];
  const flush = () => {
    const text = inline(line).trim();
    if (text) found.push(text);
    line = [];
  };
  for (const child of children) {
    const isBlock = typeof child !== 'string' && (blocks.has(child.tag) || holdsBlocks(child));
    if (!isBlock) line.push(child);
    else {
      flush();
      found.push(...blockOf(child).filter(Boolean));
    }
  }
  flush();
  return found;
}

const holdsBlocks = ({ children }: Element): boolean =>
  children.some(
    (child) => typeof child !== 'string' && (blocks.has(child.tag) || holdsBlocks(child)),
  );

function blockOf({ tag, children }: Element): string[] {
  switch (tag) {
    case 'h2':
    case 'h3':
    case 'h4':
      return [`${'#'.repeat(Number(tag[1]))} ${inline(children).trim()}`];
    case 'caption':
    case 'figcaption':
      return [`**${inline(children).trim()}**`];
    case 'p':
    case 'summary':
      return [inline(children).trim()];
    case 'pre':
      return [`\`\`\`\n${textOf(children).trimEnd()}\n\`\`\``];
    case 'ul':
    case 'ol':
      return [
        elements(children, 'li')
          .map((item) => `- ${inline(item.children).trim()}`)
          .join('\n'),
      ];
    case 'dl':
      return [
        elements(children, 'dt')
          .map((term, i) => {
            const meaning = elements(children, 'dd')[i];
            return `- ${inline(term.children).trim()}: ${inline(meaning?.children ?? []).trim()}`;
          })
          .join('\n'),
      ];
    case 'table':
      return [...elements(children, 'caption').flatMap(blockOf), tableOf(children)];
    default:
      return blocksOf(children);
  }
}

function tableOf(children: Child[]): string {
  const rows = elements(children, 'tr').map(
    (row) =>
      `| ${row.children.flatMap((cell) => (typeof cell === 'string' ? [] : [cellOf(cell)])).join(' | ')} |`,
  );
  const columns = (elements(children, 'tr')[0]?.children ?? []).filter(
    (c) => typeof c !== 'string',
  );
  return [rows[0], `|${' --- |'.repeat(columns.length)}`, ...rows.slice(1)].join('\n');
}

const cellOf = ({ children }: Element) => inline(children).trim().replaceAll('|', '\\|');

/** The elements with this tag at any depth, but not those within each other. */
const elements = (children: Child[], tag: string): Element[] =>
  children.flatMap((child) => {
    if (typeof child === 'string') return [];
    return child.tag === tag ? [child] : elements(child.children, tag);
  });

const inline = (children: Child[]): string =>
  children.map(inlineOf).join('').replaceAll(/\s+/g, ' ');

function inlineOf(child: Child): string {
  if (typeof child === 'string') return child;
  const text = inline(child.children);
  const { href, class: name } = child.props;
  switch (child.tag) {
    case 'code':
      return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
    case 'strong':
      return `**${text}**`;
    case 'a':
      return name === 'anchor' ? text : `[${words(child.children)}](${href})`;
    default:
      return text;
  }
}

/** The parts of a link that the page shows in columns. */
const words = (children: Child[]): string =>
  children
    .map((child) => inlineOf(child).trim())
    .filter(Boolean)
    .join(' ');

const textOf = (children: Child[]): string =>
  children.map((child) => (typeof child === 'string' ? child : textOf(child.children))).join('');
