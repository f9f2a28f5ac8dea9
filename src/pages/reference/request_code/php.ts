import { type ExampleRequest, fieldsOf, lines, othersOf, single } from './example_request.ts';

export function php(request: ExampleRequest): string {
  const { method, url, key, form, stream } = request;
  const headers = [
    ...(key === undefined ? [] : ["'X-API-Key: ' . getenv('YOUR_API_KEY')"]),
    ...othersOf(request).map(([name, value]) => single(`${name}: ${value}`)),
  ];
  const { files, texts } = fieldsOf(request);
  return lines(
    '<?php',
    `$request = curl_init(${single(url)});`,
    'curl_setopt_array($request, [',
    // PHP sends a form with POST by default.
    method !== 'GET' && !(form && method === 'POST') && `    CURLOPT_CUSTOMREQUEST => '${method}',`,
    headers.length > 0 && `    CURLOPT_HTTPHEADER => [${headers.join(', ')}],`,
    form && [
      '    CURLOPT_POSTFIELDS => [',
      ...files.map(([name, path]) => `        ${single(name)} => new CURLFile(${single(path)}),`),
      ...texts.map(([name, value]) => `        ${single(name)} => ${single(value)},`),
      '    ],',
    ],
    stream ? readEvents : readAnswer,
  );
}

const readAnswer = [
  '    CURLOPT_RETURNTRANSFER => true,',
  ']);',
  '$answer = json_decode(curl_exec($request), true);',
  'if (curl_getinfo($request, CURLINFO_HTTP_CODE) >= 400) {',
  '    exit($answer[\'error\'] . "\\n");',
  '}',
  'print_r($answer);',
];

const readEvents = ['    CURLOPT_FAILONERROR => true,', ']);', 'curl_exec($request);'];
