import { Card } from './card.tsx';
import type { Process, QueuedTask, Snapshot } from './snapshot.ts';
import { age, count, counted, seconds } from './words.ts';

const isRendering = ({ task }: QueuedTask) => /^render|^fetch_input$/.test(task);
const sum = (numbers: (number | null)[]) => numbers.reduce<number>((all, n) => all + (n ?? 0), 0);

/** The four numbers that say whether all is well. */
export function Tiles({ queue, processes, day, health }: Snapshot) {
  const tasks = queue.filter(isRendering);
  const waiting = sum(tasks.map((task) => task.waiting));
  const oldest = Math.max(...tasks.map((task) => task.oldest ?? 0));
  const workers = processes.filter(({ kind, alive }) => kind === 'worker' && alive);
  const slots = sum(workers.map((worker) => slotsOf(worker)));
  return (
    <div class="tiles">
      <Card
        id="waiting"
        title="Waiting"
        view="queue"
        sql={health.paused_seconds === null ? pause : resume}
      >
        <Figure value={count(waiting)}>{waiting > 0 ? `oldest ${age(oldest)}` : 'no job'}</Figure>
      </Card>
      <Card id="rendering" title="Rendering" view="workers" sql="table admin.workers;">
        <Figure value={count(sum(workers.map((worker) => worker.rendering)))}>
          of {counted(slots, 'slot')}, {counted(workers.length, 'worker')}
        </Figure>
      </Card>
      <Card id="done" title="Done, last 24 h" view="latency" sql="table admin.latency;">
        <Figure value={count(day.completed)}>
          <span class={day.failed > 0 ? 'bad' : undefined}>{count(day.failed)} failed</span>
        </Figure>
      </Card>
      <Card id="latency" title="Wait / render, p95" view="latency" sql="table admin.slow_renders;">
        <Figure value={seconds(day.wait_p95)}>/ {seconds(day.render_p95)}</Figure>
      </Card>
    </div>
  );
}

const pause = 'select admin.pause_queue();';
const resume = 'select admin.resume_queue();';

export const slotsOf = ({ slots, moving_slots }: Process): number =>
  (slots ?? 0) + (moving_slots ?? 0);

const Figure = ({ value, children }: { value: string; children: unknown }) => (
  <p class="figure">
    <strong>{value}</strong> <span>{children}</span>
  </p>
);
