import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CaptionsError, type Cue, plainText } from '../../src/captions/cue.ts';
import { parseCaptions } from '../../src/captions/parse.ts';
import { toWebVtt } from '../../src/captions/web_vtt.ts';

const subRip = `1
00:00:01,000 --> 00:00:02,500
Hello, <i>world</i>!

2
00:01:00,000 --> 00:01:02,000
Two
lines
`;
const cues: Cue[] = [
  {
    fromMs: 1000,
    toMs: 2500,
    lines: [[{ text: 'Hello, ' }, { text: 'world', italic: true }, { text: '!' }]],
  },
  { fromMs: 60_000, toMs: 62_000, lines: [[{ text: 'Two' }], [{ text: 'lines' }]] },
];
const told = (captions: string | Uint8Array) =>
  parseCaptions(captions).map(
    ({ fromMs, toMs, lines, top }) =>
      `${fromMs} ${toMs} ${plainText(lines).replaceAll('\n', '|')}${top ? ' top' : ''}`,
  );
const at = (...text: string[]) => ['0:01 --> 0:02', ...text].join('\n');
const linesOf = (text: string) => parseCaptions(at(text))[0]?.lines;

describe('7.7 captions are read as tolerantly as players do', () => {
  test('in UTF-8 and UTF-16, with and without a mark, with any ends of lines', () => {
    const encodings: [string, (text: string) => Uint8Array][] = [
      ['UTF-8', (text) => Buffer.from(text)],
      ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`)],
      ['UTF-16LE', (text) => Buffer.from(text, 'utf16le')],
      ['UTF-16LE with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['UTF-16BE', (text) => Buffer.from(text, 'utf16le').swap16()],
      ['UTF-16BE with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ];
    for (const [name, encode] of encodings) {
      for (const end of ['\n', '\r\n', '\r', '\r\r\n']) {
        const bytes = encode(subRip.replaceAll('\n', end));
        assert.deepEqual(parseCaptions(bytes), cues, `${name} ${JSON.stringify(end)}`);
      }
    }
    assert.deepEqual(parseCaptions(`\ufeff${subRip}`), cues);
  });

  test('times with and without hours and fractions, with comma or point', () => {
    for (const [times, from, to] of [
      ['00:00:01,000 --> 00:00:02,000', 1000, 2000],
      ['0:1.5 --> 0:2', 1500, 2000],
      ['01:02:03.004-->100:00:00,25', 3_723_004, 360_000_250],
      ['00:00:01, 000   -->   00:00:02 ,000  X1:1 X2:2 Y1:3 Y2:4', 1000, 2000],
    ] as const) {
      const [cue] = parseCaptions(`1\n${times}\nx`);
      assert.deepEqual([cue?.fromMs, cue?.toMs], [from, to], times);
    }
  });

  test('SubRip: numbers may be missing, double or texts; blank lines may be text; cues come in any order', () => {
    assert.deepEqual(told(`${at('42')}\n\n0:03 --> 0:04\nx`), ['1000 2000 42', '3000 4000 x']);
    assert.deepEqual(told('\n\n1\n\n00:05 --> 00:06\n\n42\n\n2\n\n00:03 --> 00:05.5\n\na\n\nb\n'), [
      '3000 5500 a|b',
      '5000 6000 42',
    ]);
    assert.deepEqual(told('7\n0:01 --> 0:02\na\n7\n0:01 --> 0:01.5\nb\n8\n0:04 --> 0:04\nnever'), [
      '1000 1500 b',
      '1000 2000 a',
    ]);
    assert.deepEqual(told(at('<i> </i>', 'a --> b', '{\\an8}up')), ['1000 2000 a --> b|up top']);
  });

  test('WebVTT: header, notes, styles, regions, names of cues and settings', () => {
    const text = `WEBVTT - a title
Kind: captions

NOTE
00:00:09.000 --> 00:00:10.000
is no cue

STYLE
::cue { color: red }

REGION
id:a

intro
00:01.000 --> 00:02.000 align:start position:10% line:0
<v Ann>Hi &amp; <c.loud>bye</c>

00:03.000 --> 00:04.000 line:90%
<v.first Ben>a<00:03.500>b</v> <ruby>漢<rt>かん</rt></ruby> <foo>x</foo>
00:05.000 --> 00:06.000 line:-1`;
    assert.deepEqual(told(text.replace('\n00:05', '\n\n00:05').concat('\nlow')), [
      '1000 2000 Hi & bye top',
      '3000 4000 ab 漢(かん) x',
      '5000 6000 low',
    ]);
    assert.deepEqual(told('WEBVTT\n00:01.000 --> 00:02.000\nat once'), ['1000 2000 at once']);
  });

  test('tags, entities and overrides', () => {
    const [i, b, u] = [{ italic: true }, { bold: true }, { underline: true }] as const;
    for (const [text, lines] of [
      [
        '<b>a<I>b</b>c</i>d',
        [[{ text: 'a', ...b }, { text: 'b', ...i, ...b }, { text: 'c', ...i }, { text: 'd' }]],
      ],
      ['<u>a\nb</u>', [[{ text: 'a', ...u }], [{ text: 'b', ...u }]]],
      ['<font color="#ff0000">a</font><br/>b', [[{ text: 'a' }], [{ text: 'b' }]]],
      [
        '{\\i1}a{\\i0\\b1}b{\\b0}c{\\pos(1,2)}',
        [[{ text: 'a', ...i }, { text: 'b', ...b }, { text: 'c' }]],
      ],
      [
        '1 < 2 <3 <sighs> {so} &lt;b&gt; &#x4E2D;&#20013; &none;',
        [[{ text: '1 < 2 <3 <sighs> {so} <b> 中中 &none;' }]],
      ],
      ['a\u0000\u0007\tb', [[{ text: 'a\tb' }]]],
    ] as const)
      assert.deepEqual(linesOf(text), lines, text);
  });

  test('a broken cue is refused with its line and what is wrong', () => {
    const expected = /^Line (\d+) of the captions: times were expected, like 00:00:01,000 --> /;
    for (const [captions, line, message] of [
      ['', 1, /no cue/],
      ['WEBVTT', 1, /no cue/],
      ['1\n0:01 --> 0:02\n\n', 1, /no cue/],
      ['Hello', 1, expected],
      ['1\nHello', 2, expected],
      [`1\r\n${at('a')}\r\n\r\n2\r\n00:00:04,000 - 00:00:05,000\r\nb`, 6, expected],
      [`1\n${at('a')}\n\n2\n00:00:04,000\nb`, 6, expected],
      [`1\n${at('a')}\n\n2\nb`, 6, expected],
      [`1\n00:00:01,000 --> 00:00:61,000\nb`, 2, expected],
      [`1\n00:00:0l,000 --> 00:00:02,000\nb`, 2, expected],
      [`1\n00:00:02,000 --> 00:00:01,000\nb`, 2, /ends before it begins/],
      ['WEBVTT\n\nNOTE x\n\n00:01.000 -> 00:02.000\nx', 5, expected],
      ['WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\ny', 6, /no times/],
    ] as const) {
      assert.throws(
        () => parseCaptions(captions),
        (error) =>
          error instanceof CaptionsError && error.line === line && message.test(error.message),
        JSON.stringify(captions),
      );
    }
    const latin1 = Buffer.from(`${subRip}\n3\n00:02:00,000 --> 00:02:01,000\nCaf\xe9`, 'latin1');
    assert.throws(() => parseCaptions(latin1), { line: 12, message: /Save the file as UTF-8/ });
  });
});

test('what is written as WebVTT is read as the same cues', () => {
  const text = `1\n00:00:01,000 --> 99:00:02,001\n{\\an8}<b>a <i>&amp;lt; b</i></b> --> <u>c</u>\nd`;
  const read = parseCaptions(text);
  assert.deepEqual(parseCaptions(toWebVtt(read)), read);
  assert.equal(
    toWebVtt(cues),
    'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello, <i>world</i>!\n\n00:01:00.000 --> 00:01:02.000\nTwo\nlines\n',
  );
});

test('whatever comes is read or refused with its line, and what was read survives as WebVTT', () => {
  const random = seeded(17);
  const pieces = [
    '1',
    '\n',
    '\n\n',
    '\r\n',
    '00:00:01,000',
    ' --> ',
    '0:02',
    '<i>',
    '</b>',
    '{\\an8}',
    '&amp;',
    '&#',
    'ä中😀',
    'WEBVTT',
    'NOTE',
    ' line:5',
    ':',
    '<',
    '>',
    '\u0000',
    '\ufeff',
    '-->',
    '99:99',
    'text',
  ];
  const pick = () => pieces[Math.floor(random() * pieces.length)];
  let read = 0;
  for (let n = 0; n < 3000; n++) {
    const head = n % 2 ? '1\n0:01 --> 0:02\n' : '';
    const bytes = Buffer.from(head + Array.from({ length: 1 + random() * 12 }, pick).join(''));
    for (let flips = n % 5 === 0 ? 3 : 0; flips > 0; flips--)
      bytes[Math.floor(random() * bytes.length)] = random() * 256;
    try {
      const found = parseCaptions(bytes);
      read += 1;
      assert.ok(found.every((cue) => cue.fromMs < cue.toMs && cue.lines.length > 0));
      assert.deepEqual(parseCaptions(toWebVtt(found)), found, JSON.stringify(bytes.toString()));
    } catch (error) {
      if (!(error instanceof CaptionsError)) throw error;
      assert.ok(error.line >= 1 && error.line <= bytes.length + 1);
    }
  }
  assert.ok(read > 500, `only ${read} were read`);
});

/** Numbers from 0 up to 1, the same ones each time. */
function seeded(state: number): () => number {
  let at = state;
  return () => {
    at = (at * 1_664_525 + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}
