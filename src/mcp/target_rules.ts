import { checkOutside } from '../targets/check.ts';
import { allTargets } from '../targets/list.ts';
import type { TargetName } from '../video_options.ts';
import type { Job } from './backend.ts';

export function targetRules(name: TargetName) {
  const { title, options, rules, advice } = target(name);
  return {
    title,
    sets: options,
    rules: Object.fromEntries(rules.map(({ rule, wanted }) => [rule, wanted])),
    advice: advice.map(({ text }) => text),
  };
}

/** The rules that a job's video meets and breaks. Of a target it was not made for, only some can be checked. */
export function targetFindings(name: TargetName, job: Job) {
  if (!job.output) throw new Error(`The job has no video: it is ${job.status}.`);
  const isMadeFor = job.options.target === name;
  const checks = isMadeFor ? job.checks : checkOutside(name, job.output);
  const broken = checks.filter(({ ok }) => !ok);
  return {
    title: target(name).title,
    ok: broken.length === 0,
    broken: broken.map(({ rule, wanted, is, mend }) => ({ rule, wanted, is, mend })),
    checked: checks.map(({ rule }) => rule),
    ...(!isMadeFor && {
      note: `The video was not made for this place. Its coding was not checked: make it with target ${name}.`,
    }),
  };
}

const target = (name: TargetName) =>
  allTargets().find((one) => one.name === name) as ReturnType<typeof allTargets>[number];
