import type { Input } from './input.ts';
import { malformed } from './malformed.ts';

/** Of all headers of a part together: far above what any client sends. */
export const maxHeaderBytes = 16 * 1024;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The headers of a part up to the empty line, and what they say of it. */
export async function readPartHead(
  input: Input,
): Promise<{ name: string; filename: string | null }> {
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
  if (/^multipart\//i.test(headers.get('content-type') ?? '')) {
    throw malformed('a part is itself multipart. Send each file as a part of its own');
  }
  return formDataNames(headers.get('content-disposition'));
}

function formDataNames(disposition: string | undefined): { name: string; filename: string | null } {
  if (disposition === undefined) throw malformed('a part has no Content-Disposition header');
  if (!/^form-data[ \t]*(;|$)/i.test(disposition)) {
    throw malformed('the Content-Disposition of a part is not form-data');
  }
  const parameters = new Map<string, string>();
  let rest = disposition.slice('form-data'.length).trim();
  while (rest !== '' && rest !== ';') {
    // Browsers write a quote inside a value as %22, curl as \", both leave other backslashes alone:
    // one before the closing quote is the end of a path.
    const [all, key, quoted, path, plain] =
      /^;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|"([^"]*)"(?=[ \t]*(?:;|$))|([^\s";]+))[ \t]*/.exec(
        rest,
      ) ?? [];
    if (all === undefined || key === undefined || parameters.has(key.toLowerCase())) {
      throw malformed('the Content-Disposition of a part cannot be read');
    }
    parameters.set(
      key.toLowerCase(),
      plain ?? path ?? (quoted ?? '').replace(/\\(["\\])/g, '$1').replaceAll('%22', '"'),
    );
    rest = rest.slice(all.length);
  }
  const name = parameters.get('name');
  if (!name) throw malformed('a part has no name');
  return { name, filename: parameters.get('filename') ?? parameters.get('filename*') ?? null };
}
