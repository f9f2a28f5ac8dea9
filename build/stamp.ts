import type { Plugin } from 'esbuild';
import { type Commit, commit } from '../src/process/commit.ts';

/** Puts the commit into the build. An image is built without the history, so it is told by its environment. */
export const stamp: Plugin = {
  name: 'stamp',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/process\/commit\.ts$/ }, () => ({
      contents: `export const commit = () => (${JSON.stringify(told() ?? commit())});`,
      loader: 'js',
    }));
  },
};

function told(): Commit | undefined {
  const { VIDGEN_COMMIT: hash, VIDGEN_DAY: day } = process.env;
  return hash && day ? { hash: hash.slice(0, 7), day } : undefined;
}
