import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate authority made for this process; its key is never kept. */
export type Authority = {
  /** The authority's certificate, PEM; `caFile` is the same as a file, for NODE_EXTRA_CA_CERTS. */
  ca: string;
  caFile: string;
  /** Makes a certificate for these host names and IP addresses, signed unless `selfSigned`. */
  certify(names: string[], options?: { selfSigned?: boolean; days?: number }): Certificate;
};
export type Certificate = { key: string; cert: string };

let made: Authority | undefined;

/** This process's authority; the first call makes it (needs the `openssl` command). */
export function authority(): Authority {
  made ??= makeAuthority();
  return made;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'vidgen-ca-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string) => join(folder, name);
  const openssl = (command: string, ...args: string[]) =>
    execFileSync('openssl', [command, ...args], { cwd: folder, stdio: 'pipe' });
  // A minimal configuration, so that the machine's openssl.cnf does not matter.
  const config = '[req]\ndistinguished_name=dn\n[dn]\n';
  const usage = 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n';
  writeFileSync(file('ca.cnf'), `${config}[ext]\n${usage}`);
  const root = ['-config', 'ca.cnf', '-extensions', 'ext', '-subj', '/CN=Test authority'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', ...root);

  let serial = 1;
  return {
    ca: readFileSync(file('ca.pem'), 'utf8'),
    caFile: file('ca.pem'),
    certify(names, { selfSigned = false, days = 2 } = {}) {
      const altNames = names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',');
      writeFileSync(file('leaf.cnf'), `${config}[ext]\nsubjectAltName=${altNames}\n`);
      const subject = ['-config', 'leaf.cnf', '-subj', '/CN=Test receiver'];
      openssl('req', '-new', ...newKey, '-keyout', 'leaf.key', '-out', 'leaf.csr', ...subject);
      const signer = selfSigned
        ? ['-signkey', 'leaf.key']
        : ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', String(++serial)];
      const extensions = ['-extfile', 'leaf.cnf', '-extensions', 'ext', '-days', String(days)];
      openssl('x509', '-req', '-in', 'leaf.csr', '-out', 'leaf.pem', ...signer, ...extensions);
      return {
        key: readFileSync(file('leaf.key'), 'utf8'),
        cert: readFileSync(file('leaf.pem'), 'utf8'),
      };
    },
  };
}
