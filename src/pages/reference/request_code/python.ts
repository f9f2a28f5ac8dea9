import { double, type ExampleRequest, fieldsOf, lines, othersOf } from './example_request.ts';

export function python(request: ExampleRequest): string {
  const { method, url, key, stream } = request;
  const headers = [
    ...(key === undefined ? [] : ['"X-API-Key": os.environ["YOUR_API_KEY"]']),
    ...othersOf(request).map(([name, value]) => `${double(name)}: ${double(value)}`),
  ];
  const { files, texts } = fieldsOf(request);
  return lines(
    '# pip install requests',
    key !== undefined && 'import os',
    ['import requests', ''],
    `response = requests.${method.toLowerCase()}(`,
    `    ${double(url)},`,
    headers.length > 0 && `    headers={${headers.join(', ')}},`,
    dictionary(
      'files',
      files.map(([name, path]) => `${double(name)}: open(${double(path)}, "rb")`),
    ),
    dictionary(
      'data',
      texts.map(([name, value]) => `${double(name)}: ${double(value)}`),
    ),
    stream && '    stream=True,',
    ')',
    stream ? readEvents : readAnswer,
  );
}

const dictionary = (name: string, items: string[]) =>
  items.length > 0 && [`    ${name}={`, ...items.map((item) => `        ${item},`), '    },'];

const readAnswer = [
  'answer = response.json()',
  'if not response.ok:',
  '    raise SystemExit(answer["error"])',
  'print(answer)',
];

const readEvents = [
  'response.raise_for_status()',
  'for line in response.iter_lines():',
  '    print(line.decode())',
];
