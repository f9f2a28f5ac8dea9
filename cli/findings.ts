type Findings = {
  warnings: string[];
  checks: { rule: string; wanted: string; is: string; ok: boolean }[];
};

/** A line for each rule of a target, and for each warning. */
export const findings = ({ checks, warnings }: Findings): string[] => [
  ...checks.map(({ rule, wanted, is, ok }) => `${ok ? 'ok' : 'NOT OK'}: ${rule} ${is} (${wanted})`),
  ...warnings.map((warning) => `warning: ${warning}`),
];
