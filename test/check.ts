import { spawnSync } from 'node:child_process';

// npm run check: types, then lint and format. Both run, so that one round shows everything.
const checks = [
  ['TypeScript', 'node_modules/typescript/bin/tsc', '--noEmit', '--project', '.'],
  ['Scripts of the page', 'node_modules/typescript/bin/tsc', '--project', 'src/pages/client'],
  ['Biome', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
] as const;

const failed = checks.filter(([name, ...command]) => {
  console.log(`${name}:`);
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status === 0) console.log(`${name}: OK`);
  return status !== 0;
});
if (failed.length > 0) {
  console.error(`Failed: ${failed.map(([name]) => name).join(', ')}.`);
  process.exitCode = 1;
}
