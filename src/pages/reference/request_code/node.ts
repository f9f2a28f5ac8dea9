import { type ExampleRequest, fieldsOf, lines, othersOf, single } from './example_request.ts';

export function node(request: ExampleRequest): string {
  const { method, url, key, form, stream } = request;
  const headers = [
    ...(key === undefined ? [] : ["'X-API-Key': process.env.YOUR_API_KEY"]),
    ...othersOf(request).map(([name, value]) => `${single(name)}: ${single(value)}`),
  ];
  const options = lines(
    method !== 'GET' && `  method: '${method}',`,
    headers.length > 0 && `  headers: { ${headers.join(', ')} },`,
    form && '  body: form,',
  );
  const { files, texts } = fieldsOf(request);
  return lines(
    files.length > 0 && ["import { openAsBlob } from 'node:fs';", ''],
    form && [
      'const form = new FormData();',
      ...files.map(
        ([name, path]) =>
          `form.append(${single(name)}, await openAsBlob(${single(path)}), ${single(path)});`,
      ),
      ...texts.map(([name, value]) => `form.append(${single(name)}, ${single(value)});`),
      '',
    ],
    options
      ? [`const response = await fetch(${single(url)}, {`, options, '});']
      : `const response = await fetch(${single(url)});`,
    stream ? readEvents : readAnswer,
  );
}

const readAnswer = [
  'const answer = await response.json();',
  'if (!response.ok) throw new Error(answer.error);',
  'console.log(answer);',
];

const readEvents = [
  'if (!response.ok) throw new Error((await response.json()).error);',
  'const text = response.body.pipeThrough(new TextDecoderStream());',
  'for await (const events of text) process.stdout.write(events);',
];
