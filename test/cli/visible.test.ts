import assert from 'node:assert/strict';
import { test } from 'node:test';
import { card, table } from '../../cli/table.ts';
import { printableJson, visible, visibleJson } from '../../src/process/visible.ts';

const nasty = 'a\u001b[31mred\u202egnp.\u2066b\n\r\u0000\u0085\u200b\u{e0001}\\u202e "é日本🎬"';

test('what cannot be seen is written out, the rest stays', () => {
  assert.equal(
    visible(nasty),
    'a\\u001b[31mred\\u202egnp.\\u2066b\\u000a\\u000d\\u0000\\u0085\\u200b\\udb40\\udc01\\u202e "é日本🎬"',
  );
});

test('a table and a card hold a value in its place', () => {
  assert.equal(table([{ name: nasty }]).split('\n').length, 2);
  assert.equal(card({ name: nasty, other: { deep: '\u202e' } }).split('\n').length, 2);
  assert.doesNotMatch(card({ deep: [nasty] }), /[\p{Cc}\p{Cf}]/u);
});

test('JSON means what it meant, and what it prints as on a terminal is harmless', () => {
  const json = JSON.stringify({ [nasty]: nasty });
  assert.deepEqual(JSON.parse(visibleJson(json)), { [nasty]: nasty });
  assert.doesNotMatch(visibleJson(json), /[\p{Cc}\p{Cf}]/u);
  const { text } = JSON.parse(printableJson(JSON.stringify({ text: nasty })));
  assert.equal(text, visible(nasty).replace('\\u000a\\u000d', '\n\\r'));
});
