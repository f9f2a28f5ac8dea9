import { type FileHandle, open } from 'node:fs/promises';
import { boxAt, boxesIn, type FileBox, fileBoxes } from '../mp4/boxes.ts';
import type { Promised } from './promised.ts';

/** What ffprobe does not report: where the boxes are, and whether the file has all of them. */
export async function faultsOfFile(
  path: string,
  { leastBytes, editLists }: Promised,
): Promise<string[]> {
  const file = await open(path);
  try {
    const faults: string[] = [];
    const boxes: FileBox[] = [];
    for await (const one of fileBoxes(file)) boxes.push(one);
    const order = boxes.map(({ type }) => type).join(' ');
    if (!/^ftyp moov mdat( free)?$/.test(order)) faults.push('its index is not in front');
    const { size } = await file.stat();
    const promised = boxes.reduce((end, { at, length }) => Math.max(end, at + length), 0);
    if (size !== promised) faults.push(`it has ${size} bytes instead of ${promised}`);
    if (size < leastBytes) faults.push(`it has only ${size} bytes`);
    const edited = await editedTracks(file, boxes);
    const wanted = editLists ? 'soun' : '';
    if (edited !== wanted) faults.push(`edit lists are on "${edited}", not "${wanted}"`);
    return faults;
  } finally {
    await file.close();
  }
}

async function editedTracks(file: FileHandle, boxes: FileBox[]): Promise<string> {
  const index = boxes.find(({ type }) => type === 'moov');
  if (!index) return '';
  const bytes = Buffer.alloc(index.length - index.headLength);
  await file.read(bytes, 0, bytes.length, index.at + index.headLength);
  return boxesIn(bytes)
    .filter(({ type, body }) => type === 'trak' && boxAt(body, 'edts'))
    .map(({ body }) => boxAt(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12))
    .join();
}
