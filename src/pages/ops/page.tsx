import { htmlDocument } from '../frame/document.tsx';
import { Mark } from '../frame/mark.tsx';
import { basePath } from '../frame/page_headers.ts';
import { Act } from './card.tsx';
import { Hours } from './chart.tsx';
import { HealthCard, isStale, isUntidy, Processes } from './fleet.tsx';
import { Failures, LatestJobs } from './jobs.tsx';
import type { Snapshot } from './snapshot.ts';
import { Storage } from './storage.tsx';
import { Tiles } from './tiles.tsx';
import { Limits, Receivers } from './trouble.tsx';
import { age } from './words.ts';

/** How often the page refreshes itself. */
const everySeconds = 5;

/**
 * The page for operators, as text.
 *
 * @param isLive whether it refreshes itself
 */
export function opsPage(publicUrl: string, snapshot: Snapshot, isLive: boolean): string {
  return htmlDocument({
    base: basePath(publicUrl),
    title: 'VidGen operations',
    description: 'What this service is doing.',
    styles: 'ops.css',
    script: 'ops.js',
    head: isLive && (
      <noscript>
        <meta http-equiv="refresh" content={String(everySeconds)} />
      </noscript>
    ),
    body: (
      <>
        <header class="bar">
          <h1>
            <Mark /> VidGen <span>Operations</span>
          </h1>
          <p id="live" data-every={isLive ? String(everySeconds) : undefined}>
            <span data-said role="status">
              {isLive ? 'live' : 'stopped'}
            </span>
            <span class="from">
              , from <code>admin.*</code>, {isLive ? `every ${everySeconds} s` : 'as of '}
            </span>
            <time class={isLive ? 'unseen' : undefined} datetime={snapshot.at.toISOString()}>
              {snapshot.at.toISOString().slice(11, 19)} UTC
            </time>{' '}
            <a href={isLive ? '?live=off' : '?'}>{isLive ? 'Stop' : 'Go on'}</a>
          </p>
        </header>
        <main>
          <Alarms {...snapshot} />
          <Tiles {...snapshot} />
          <div class="cards">
            <div>
              <Hours hours={snapshot.hours} />
              <LatestJobs jobs={snapshot.jobs} />
              <Processes processes={snapshot.processes} at={snapshot.at} />
            </div>
            <div>
              <Storage storage={snapshot.storage} expiring={snapshot.expiring} />
              <Failures failures={snapshot.failures} />
              <Receivers receivers={snapshot.receivers} />
              <Limits limits={snapshot.limits} />
              <HealthCard health={snapshot.health} />
            </div>
          </div>
        </main>
      </>
    ),
  });
}

/** What needs attention now; empty on a good day. */
function Alarms({ health, processes }: Snapshot) {
  const hasWorker = processes.some(({ kind, alive }) => kind === 'worker' && alive);
  const alarms = [
    !hasWorker && {
      text: 'No worker is alive: jobs wait, and no webhook is sent.',
      sql: 'table admin.workers;',
    },
    health.paused_seconds !== null && {
      text: `Rendering has been paused for ${age(health.paused_seconds)}.`,
      sql: 'select admin.resume_queue();',
    },
    hasWorker &&
      isUntidy(health) && {
        text: `Retention last ran ${age(health.last_tidy ?? 0)} ago; it should run each minute.`,
        sql: 'table admin.health;',
      },
    isStale(health) && {
      text: `A transaction has been open for ${age(health.oldest_snapshot ?? 0)}: no dead row can be removed until it ends.`,
      sql: 'select pid, xact_start, query from pg_stat_activity order by xact_start limit 3;',
    },
  ].filter((alarm) => alarm !== false);
  if (alarms.length === 0) return <div class="alarms" />;
  return (
    <ul class="alarms">
      {alarms.map(({ text, sql }) => (
        <li>
          <p>{text}</p>
          <Act sql={sql} what={text} />
        </li>
      ))}
    </ul>
  );
}
