import { BlockedAddress } from './address.ts';

/** What went wrong before a complete answer arrived. */
export type FailureClass = 'dns' | 'refused' | 'tls' | 'timeout' | 'reset' | 'blocked';

const cannotConnect =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM|UND_ERR_PRX_CONN)$/;
const timedOut = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;
// Node passes on OpenSSL's names for certificate errors.
const tlsTrouble =
  /TLS|SSL|CERT|CRL|^UNABLE_TO_|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$|^PATH_LENGTH|^EPROTO$/;

/** Classifies what undici, TLS or the look-up threw; `code`, if present, is worth reporting. */
export function classify(error: unknown): { failureClass: FailureClass; code?: string } {
  if (error instanceof BlockedAddress) return { failureClass: 'blocked' };
  const { code = '', syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === 'getaddrinfo') return { failureClass: 'dns', code };
  if (timedOut.test(code)) return { failureClass: 'timeout' };
  if (cannotConnect.test(code)) return { failureClass: 'refused', code };
  if (tlsTrouble.test(code)) return { failureClass: 'tls', code };
  return { failureClass: 'reset' };
}
