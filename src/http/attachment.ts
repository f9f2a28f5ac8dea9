/**
 * The Content-Disposition of a download: the name in ASCII, and whole for clients of this century (RFC 6266).
 *
 * @param name of the file; any text
 */
export function attachment(name: string): string {
  const plain = name.replaceAll(/[^ -~]|["\\]/g, '_');
  const whole = plain === name ? '' : `; filename*=UTF-8''${encoded(name)}`;
  return `attachment; filename="${plain}"${whole}`;
}

const encoded = (text: string) =>
  encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
