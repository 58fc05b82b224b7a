/**
 * Decides whether the self-signed certificate is used, created again or replaced. Clients have to accept a new key by hand, so
 * the present key is given up for one reason alone: a file that was read at start and is damaged. Pure.
 */
import { renewalReason } from './certificate';
import type { CertificateFacts, KeyPair, CertificateSubject } from './certificate';

/** A certificate, its key and its facts. */
export type DescribedPair = KeyPair & { readonly facts: CertificateFacts };

/** Result of reading the stored certificate. */
export type StoredCertificate =
  | { readonly kind: 'absent' }
  /** Valid PEM with the matching key; it may have expired, or not be valid yet. */
  | { readonly kind: 'whole'; readonly pair: DescribedPair }
  /** It was read, and is damaged. */
  | { readonly kind: 'damaged'; readonly reason: string }
  /** It could not be read: what it contains is not known. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The next step. */
export type CertificatePlan =
  /** Serve with this one. `save`: it is not in the file yet. */
  | { readonly action: 'use'; readonly pair: DescribedPair; readonly save: boolean; readonly problem: string | null }
  /** Create one: with this key (PEM), or with a new one for null. `also` are addresses of earlier networks, `earlierNames` all names of the present one. */
  | { readonly action: 'create'; readonly reason: string; readonly key: string | null; readonly also: readonly string[]; readonly earlierNames: readonly string[]; readonly save: boolean; readonly problem: string | null }
  /** Move the damaged file away, and create one with a new key. */
  | { readonly action: 'replace'; readonly reason: string }
  /** Nothing can be served before the file can be read. */
  | { readonly action: 'refuse'; readonly reason: string };

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The text for a certificate that is not valid yet. */
function earlyProblem({ validFrom }: CertificateFacts, now: number): string {
  return `This machine’s clock says ${day(now)}, and its certificate is valid from ${day(validFrom)}. The certificate is kept. If the clock is right, quit Traywatch and remove lan-certificate.pem`;
}

/** Keeps the pair, or returns the reason to renew it. A clock that was set back is no reason: it will be corrected. */
function keepOrRenew(pair: DescribedPair, isStored: boolean, subject: CertificateSubject, now: number): CertificatePlan {
  if (now < pair.facts.validFrom) return { action: 'use', pair, save: !isStored, problem: earlyProblem(pair.facts, now) };
  const reason = renewalReason(pair.facts, subject, now);
  if (reason === null) return { action: 'use', pair, save: !isStored, problem: null };
  // A laptop between two networks must not get a new certificate at each change.
  const also = pair.facts.addresses.filter((address) => !address.includes(':'));
  return { action: 'create', reason, key: pair.key, also, earlierNames: pair.facts.names, save: true, problem: null };
}

/** Plans the next step. `active` is the certificate in use, null before there is one; times in epoch ms. */
export function planCertificate(stored: StoredCertificate, active: DescribedPair | null, subject: CertificateSubject, now: number): CertificatePlan {
  if (stored.kind === 'whole') {
    // One that could not be saved stays in use: a new one at each check would have to be accepted each time.
    const isSuccessor = active !== null && active.cert !== stored.pair.cert && active.key === stored.pair.key && renewalReason(active.facts, subject, now) === null;
    const plan = keepOrRenew(stored.pair, true, subject, now);
    return plan.action === 'create' && isSuccessor ? { action: 'use', pair: active, save: true, problem: null } : plan;
  }
  if (active === null) {
    if (stored.kind === 'unreadable') return { action: 'refuse', reason: stored.reason };
    if (stored.kind === 'damaged') return { action: 'replace', reason: stored.reason };
    return { action: 'create', reason: 'there was none', key: null, also: [], earlierNames: [], save: true, problem: null };
  }
  if (stored.kind === 'absent') return keepOrRenew(active, false, subject, now);
  // Another program is replacing the file, perhaps: it is neither moved nor overwritten while there is an active one.
  const plan = keepOrRenew(active, true, subject, now);
  const problem = `${stored.reason}. The previous certificate stays in use, and the file is left unchanged`;
  return plan.action === 'use' || plan.action === 'create' ? { ...plan, save: false, problem } : plan;
}
