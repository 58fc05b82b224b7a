/** Certificates for servers of tests: authorities, those between, and servers' own, with any dates and names. */
import { provideReflectMetadata } from '../../src/main/lan/reflect-metadata-polyfill';

const DAY = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate that can issue others. PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly keys: CryptoKeyPair;
}

/** What a certificate says. Days from now; negative is past. */
export interface CertificateWish {
  readonly name: string;
  readonly isAuthority?: boolean;
  /** DNS names and addresses it is for. */
  readonly hosts?: readonly string[];
  readonly fromDays?: number;
  readonly toDays?: number;
  /** Those of an earlier certificate; new ones by default. */
  readonly keys?: CryptoKeyPair;
}

/** Issues a certificate, by an authority or by itself. */
export async function issue({ name, isAuthority = false, hosts = [], fromDays = -400, toDays = 90, keys: earlier }: CertificateWish, issuer: Issued | null = null): Promise<Issued> {
  provideReflectMetadata();
  const x509 = await import('@peculiar/x509');
  const keys = earlier ?? await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: Math.floor(1 + Math.random() * 1e12).toString(16).padStart(12, '1'),
      subject: [{ CN: [name] }],
      issuer: [{ CN: [issuer?.name ?? name] }],
      notBefore: new Date(now + fromDays * DAY),
      notAfter: new Date(now + toDays * DAY),
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(isAuthority, undefined, true),
        new x509.KeyUsagesExtension(isAuthority ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature, true),
        ...(hosts.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })))]),
      ],
    },
    crypto,
  );
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { cert: `${certificate.toString('pem')}\n`, key, name, keys };
}
