import { jobStates } from '../../jobs/job_state.ts';

export const States = () => (
  <>
    <h4>Job status values</h4>
    <dl class="states">
      {Object.entries(jobStates).map(([state, meaning]) => (
        <div>
          <dt>
            <State state={state} />
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  </>
);

export const State = ({ state }: { state: string }) => (
  <span class={`state state-${state.toLowerCase()}`}>{state}</span>
);
