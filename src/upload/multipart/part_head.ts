import type { Input } from './input.ts';
import { malformed } from './malformed.ts';

/** Limit for all headers of a part together: far more than any client sends. */
export const maxHeaderBytes = 16 * 1024;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The headers of a part up to the empty line, and what they say about it. */
export async function readPartHead(
  input: Input,
): Promise<{ name: string; filename: string | null; contentType: string | null }> {
  const headers = new Map<string, string>();
  let allowed = maxHeaderBytes;
  for (let line = await input.line(allowed); line !== ''; line = await input.line(allowed)) {
    allowed -= line.length + 2;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon < 0 || !token.test(name))
      throw malformed('a part has a header that is not "Name: value"');
    const key = name.toLowerCase();
    if (headers.has(key)) throw malformed(`a part has two ${name} headers`);
    headers.set(key, line.slice(colon + 1).trim());
  }
  const encoding = headers.get('content-transfer-encoding') ?? 'binary';
  if (!/^(7bit|8bit|binary)$/i.test(encoding)) {
    throw malformed('a part has a Content-Transfer-Encoding. Send the bytes as they are');
  }
  const contentType = headers.get('content-type') || null;
  if (/^multipart\//i.test(contentType ?? '')) {
    throw malformed('a part is itself multipart. Send each file as a part of its own');
  }
  return { ...formDataNames(headers.get('content-disposition')), contentType };
}

// Browsers write a quote inside a value as %22, curl as \", and both leave other backslashes alone: a
// backslash before the closing quote is the end of a path. Other clients write quotes unescaped: then the
// value ends at the quote that is followed by the end of the header or another parameter.
const parameter =
  /^;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"(?=[ \t]*(?:;|$))|"([^"]*)"(?=[ \t]*(?:;|$))|"(.*?)"(?=[ \t]*(?:;[ \t]*[\w*-]+[ \t]*=|;?$))|([^\s";]+))[ \t]*/;

const cannotBeRead = (rest: string) =>
  `the Content-Disposition of a part cannot be read at ${JSON.stringify(rest.slice(0, 60))}. Write it like form-data; name="image"; filename="portrait.jpg"`;

function formDataNames(disposition: string | undefined): { name: string; filename: string | null } {
  if (disposition === undefined) throw malformed('a part has no Content-Disposition header');
  if (!/^form-data[ \t]*(;|$)/i.test(disposition)) {
    throw malformed('the Content-Disposition of a part is not form-data');
  }
  const parameters = new Map<string, string>();
  let rest = disposition.slice('form-data'.length).trim();
  while (rest !== '' && rest !== ';') {
    const [all, key, quoted, path, unescaped, plain] = parameter.exec(rest) ?? [];
    if (all === undefined || key === undefined) throw malformed(cannotBeRead(rest));
    if (parameters.has(key.toLowerCase())) {
      throw malformed(`the Content-Disposition of a part has ${key} twice`);
    }
    parameters.set(
      key.toLowerCase(),
      plain ??
        unescaped ??
        path ??
        (quoted ?? '').replace(/\\(["\\])/g, '$1').replaceAll('%22', '"'),
    );
    rest = rest.slice(all.length);
  }
  const name = parameters.get('name');
  if (!name) throw malformed('a part has no name');
  return { name, filename: parameters.get('filename') ?? parameters.get('filename*') ?? null };
}
