import type { Tags } from '../recipe.ts';
import { box, fullBox, u32 } from './boxes.ts';

const names: [tag: keyof Tags, type: string][] = [
  ['title', '\u00a9nam'],
  ['artist', '\u00a9ART'],
  ['description', 'desc'],
];
const utf8 = 1;

/** The `udta` in which iTunes and all players look for titles; empty without tags. */
export function tagsBox(tags: Tags = {}): Buffer {
  const items = names.flatMap(([tag, type]) => {
    const text = tags[tag];
    return text ? [box(type, box('data', u32(utf8, 0), Buffer.from(text)))] : [];
  });
  if (items.length === 0) return Buffer.alloc(0);
  const handler = fullBox('hdlr', 0, u32(0), Buffer.from('mdirappl'), u32(0, 0), Buffer.alloc(1));
  return box('udta', fullBox('meta', 0, handler, box('ilst', ...items)));
}
