const width = 30;

/** Shows progress: one updating line on a terminal; elsewhere a line per change, or nothing. */
export function progressBar(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  unseen: 'lines' | 'nothing',
): { show(percent: number, what: string): void; end(): void } {
  let shown = '';
  return {
    show(percent, what) {
      const full = Math.round((percent / 100) * width);
      const line = `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.round(percent)).padStart(3)} %  ${what}`;
      if (line === shown) return;
      shown = line;
      if (stream.isTTY) stream.write(`\r${line}\x1b[K`);
      else if (unseen === 'lines') stream.write(`${line}\n`);
    },
    end() {
      if (stream.isTTY && shown) stream.write('\n');
      shown = '';
    },
  };
}
