import type { Measurement } from './measurement.ts';

export type PartResult = { seconds: number; measurements: Measurement[]; error?: string };

/** Prints what a part has measured, one line each, with the limits. */
export function show(part: string, { seconds, measurements, error }: PartResult): void {
  console.log(`\n${part} (${seconds} s)${error ? ': FAILED' : ''}`);
  if (error) console.log(error.replace(/^/gm, '  '));
  for (const { name, value, unit, must, aim, note } of measurements) {
    const goal = [must !== undefined && `must ${must}`, aim !== undefined && `aim ${aim}`]
      .filter(Boolean)
      .join(', ');
    console.log(
      `  ${name.padEnd(64)} ${format(value).padStart(10)} ${unit.padEnd(8)} ${goal}${note ? `  (${note})` : ''}`,
    );
  }
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
