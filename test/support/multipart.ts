import { randomBytes } from 'node:crypto';

/** A file of a form: its bytes and file name. */
export type FormFile = { name: string; bytes: Uint8Array };
export type FormFields = Record<string, string | FormFile>;
/** The same as ordered pairs, in which a name may occur twice. */
export type FormEntries = [string, string | FormFile][];

/** A well-formed multipart/form-data body, as browsers and curl make it. */
export function multipart(
  fields: FormFields | FormEntries,
  boundary = `----test${randomBytes(8).toString('hex')}`,
) {
  const pieces: Uint8Array[] = [];
  for (const [name, value] of Array.isArray(fields) ? fields : Object.entries(fields)) {
    const filename = typeof value === 'string' ? '' : `; filename="${value.name}"`;
    pieces.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n`),
    );
    if (typeof value !== 'string')
      pieces.push(Buffer.from('Content-Type: application/octet-stream\r\n'));
    pieces.push(
      Buffer.from('\r\n'),
      typeof value === 'string' ? Buffer.from(value) : value.bytes,
      Buffer.from('\r\n'),
    );
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    body: Buffer.concat(pieces),
    boundary,
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

/** Bytes that begin like a PNG and go on as noise: the upload accepts them, whatever the size. */
export function pngOf(size: number): FormFile {
  // Signature, the header of a 1×1 picture, and the beginning of an endless data chunk.
  const head = Buffer.from(
    '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4897fffffff49444154',
    'hex',
  );
  return { name: 'portrait.png', bytes: beginningWith(head, size) };
}

/** Likewise a WAV. */
export function wavOf(size: number): FormFile {
  const head = Buffer.from(
    '524946460000000057415645666d74201000000001000100401f0000803e000002001000',
    'hex',
  );
  return { name: 'voice.wav', bytes: beginningWith(head, size) };
}

function beginningWith(head: Buffer, size: number): Buffer {
  const bytes = Buffer.alloc(size, randomBytes(Math.min(size, 65_521)));
  head.copy(bytes);
  return bytes;
}
