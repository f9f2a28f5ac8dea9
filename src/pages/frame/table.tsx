import type { Child } from 'hono/jsx';

/** A table with a heading for each column; the rows are its children. */
export const Table = ({
  class: name,
  caption,
  head,
  shown = ['head'],
  children,
}: {
  class?: string;
  caption: string;
  head: string[];
  /** The parts that are visible; screen readers read all of them. */
  shown?: ('caption' | 'head')[];
  children?: Child;
}) => (
  <table class={name}>
    <caption class={shown.includes('caption') ? undefined : 'unseen'}>{caption}</caption>
    <thead class={shown.includes('head') ? undefined : 'unseen'}>
      <tr>
        {head.map((title) => (
          <th scope="col">{title}</th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
);
