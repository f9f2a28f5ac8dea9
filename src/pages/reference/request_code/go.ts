import { double, type ExampleRequest, fieldsOf, lines, othersOf } from './example_request.ts';

export function go(request: ExampleRequest): string {
  const { method, url, key, form } = request;
  const imports = form ? ['bytes', 'io', 'log', 'mime/multipart'] : ['io', 'log'];
  return lines(
    ['package main', '', 'import ('],
    [...imports, 'net/http', 'os'].map((name) => `\t${double(name)}`),
    [')', '', 'func main() {'],
    form && writeForm(request),
    `\trequest, _ := http.NewRequest("${method}", ${double(url)}, ${form ? '&body' : 'nil'})`,
    key !== undefined && '\trequest.Header.Set("X-API-Key", os.Getenv("YOUR_API_KEY"))',
    othersOf(request).map(
      ([name, value]) => `\trequest.Header.Set(${double(name)}, ${double(value)})`,
    ),
    form && '\trequest.Header.Set("Content-Type", form.FormDataContentType())',
    readAnswer,
  );
}

function writeForm(request: ExampleRequest): string[] {
  const { files, texts } = fieldsOf(request);
  const paths = files.map(([name, path]) => `${double(name)}: ${double(path)}`).join(', ');
  return [
    '\tvar body bytes.Buffer',
    '\tform := multipart.NewWriter(&body)',
    `\tfor field, path := range map[string]string{${paths}} {`,
    '\t\tfile, err := os.Open(path)',
    '\t\tif err != nil {',
    '\t\t\tlog.Fatal(err)',
    '\t\t}',
    '\t\tpart, _ := form.CreateFormFile(field, path)',
    '\t\tio.Copy(part, file)',
    '\t\tfile.Close()',
    '\t}',
    ...texts.map(([name, value]) => `\tform.WriteField(${double(name)}, ${double(value)})`),
    '\tform.Close()',
    '',
  ];
}

const readAnswer = [
  '\tresponse, err := http.DefaultClient.Do(request)',
  '\tif err != nil {',
  '\t\tlog.Fatal(err)',
  '\t}',
  '\tdefer response.Body.Close()',
  '\tio.Copy(os.Stdout, response.Body)',
  '\tif response.StatusCode >= 400 {',
  '\t\tos.Exit(1)',
  '\t}',
  '}',
];
