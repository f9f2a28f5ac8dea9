import { join } from 'node:path';
import { before, describe } from 'node:test';
import { bundle } from '../../build/bundle.ts';
import { suiteCleanup } from '../support/database.ts';
import { bareFolder } from './artifact.ts';
import { bundleRuns } from './bundle.ts';
import { executableRuns } from './executable.ts';

// One file, for one bundle: "npm run build" ends with it, "npm run build:binary" puts it into Node.js.
describe('a build', () => {
  const cleanup = suiteCleanup();
  let folder: string;
  before(async () => {
    folder = await bareFolder(cleanup);
    await bundle(join(folder, 'dist'));
  });
  const built = () => folder;

  describe('npm run build', () => bundleRuns(built));
  describe(
    'npm run build:binary',
    {
      skip: process.platform !== 'linux' && 'Linux only',
    },
    () => executableRuns(built),
  );
});
