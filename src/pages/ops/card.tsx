import type { Child } from 'hono/jsx';

/** A part of the page, with the view that it reads and the SQL to act on it. */
export const Card = (o: {
  id: string;
  title: string;
  /** A view in the schema admin. */
  view: string;
  sql?: string;
  children: Child;
}) => (
  <section class="card" aria-labelledby={`${o.id}-title`}>
    <header>
      <h2 id={`${o.id}-title`}>{o.title}</h2>
      <code class="view">admin.{o.view}</code>
    </header>
    {o.children}
    {o.sql && <Act sql={o.sql} what={o.title} />}
  </section>
);

/** A statement for psql, and a button that copies it. */
export const Act = ({ sql, what }: { sql: string; what: string }) => (
  <p class="act">
    <code>{sql}</code>
    <button type="button" class="needs-scripts" data-copy aria-label={`Copy the SQL: ${what}`}>
      Copy
    </button>
  </p>
);

/** Shown in place of rows when there are none. */
export const Nothing = ({ children }: { children: Child }) => <p class="nothing">{children}</p>;
