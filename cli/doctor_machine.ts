import type { Config } from '../src/config.ts';
import { type Check, examine, type Finding, warning } from '../worker/machine/check.ts';
import { ffmpeg, fonts, rendering, sandbox, temporaryFolder } from '../worker/machine/checks.ts';

/** This machine, without the database. */
export const examineMachine = (config: Config): AsyncGenerator<Finding> =>
  examine([
    nodeVersion,
    ffmpeg(config),
    sandbox(config),
    fonts,
    temporaryFolder,
    rendering(config),
    publicUrl(config),
  ]);

const nodeVersion: Check = {
  about: 'Node.js',
  remedy: 'Install Node.js 22.18 or newer from https://nodejs.org.',
  look: async () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major < 22 || (major === 22 && minor < 18))
      throw new Error(`${process.versions.node} is too old.`);
    return process.versions.node;
  },
};

const publicUrl = (config: Config): Check => ({
  about: 'Public URL',
  remedy: 'Set PUBLIC_URL to where callers reach the service.',
  look: async () => {
    if (!config.publicUrl) {
      return warning(
        `PUBLIC_URL is not set, so videos get addresses on http://localhost:${config.port}`,
        'Set it to where callers reach the service, before others use it.',
      );
    }
    const url = `${config.publicUrl}/api/health`;
    try {
      const { status } = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (status === 200) return `${config.publicUrl} answers`;
      return warning(`${url} answers ${status}`, 'Another program may have its port.');
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code ?? String(error);
      return warning(
        `${url} does not answer from here (${cause})`,
        'Well if the service does not run just now. Else see that the name and the port lead to it.',
      );
    }
  },
});
