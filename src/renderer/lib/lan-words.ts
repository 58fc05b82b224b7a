/** The LAN server's state in words. */
import type { LanState, LanTrouble } from '../../shared/lan/state';

/** One word for the state. */
export const STATE_WORD: Readonly<Record<LanState['state'], string>> = { off: 'Off', starting: 'Starting', listening: 'Listening', failed: 'Not listening' };

/** What is wrong, and what can be done. */
export const TROUBLE: Readonly<Record<LanTrouble, string>> = {
  portInUse: 'Another program uses this port. Choose another one below, or end that program.',
  addressGone: 'This machine no longer has that address.',
  notPermitted: 'The system does not permit this port. Ports from 1024 need no special right.',
  certificate: 'The certificate cannot be used.',
  other: 'It could not be started.',
};

/** The address a QR code leads to; what is behind the # stays in the browser. */
export function pairingLink(url: string, secret: string): string {
  return `${url.replace(/\/+$/, '')}/#/pair/${secret}`;
}

/** The secret of a pairing link's address, or null. */
export function pairingSecret(hash: string): string | null {
  return /^#\/pair\/([\w-]{43})$/.exec(hash)?.[1] ?? null;
}

/** A six-digit code as it is read out: two groups of three. */
export function toGroups(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** The six digits of what was typed, with or without spaces; null for anything else. */
export function toCode(typed: string): string | null {
  const digits = typed.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : null;
}

/** Addresses as typed: by commas or spaces apart; nothing, or "all", is all of them. */
export function toAddresses(typed: string): 'all' | string[] {
  const words = typed.split(/[\s,]+/).filter((word) => word !== '');
  return words.length === 0 || words.join() === 'all' ? 'all' : words;
}
