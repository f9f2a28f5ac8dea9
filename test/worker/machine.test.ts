import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { requireMachine } from '../../worker/machine/require_machine.ts';
import { ffmpegPath, ffprobePath, file, folder } from '../support/media.ts';

test('a machine whose ffmpeg or ffprobe does not run is told from one that can render', async (t) => {
  const dir = await folder(t);
  const write = async (name: string, line: string) =>
    chmod(await file(dir, name, `#!/bin/sh\n${line}\n`), 0o755);
  // In the box they could not start another program.
  const config = loadConfig({ FFMPEG_PATH: `${dir}/ffmpeg`, SANDBOX: 'off' });
  const real = { ffmpeg: `exec ${ffmpegPath} "$@"`, ffprobe: `exec ${ffprobePath} "$@"` };
  const broken = 'echo "libx.so.1: cannot open shared object file" >&2; exit 127';
  for (const [programs, fault] of [
    [{ ...real, ffmpeg: broken }, /Rendering: .*libx\.so\.1: cannot open.* Install ffmpeg/],
    [{ ...real, ffprobe: broken }, /Rendering: .*libx\.so\.1: cannot open.* Install ffmpeg/],
    [{ ...real, ffprobe: 'exit 0' }, /Rendering: ffprobe does not read what ffmpeg made\./],
    [real, undefined],
  ] as const) {
    await write('ffmpeg', programs.ffmpeg);
    await write('ffprobe', programs.ffprobe);
    const looked = requireMachine(config);
    if (fault) await assert.rejects(looked, fault);
    else await looked;
  }
});
