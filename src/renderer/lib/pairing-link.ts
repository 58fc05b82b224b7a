/** Pairing links and codes: written by the Sharing page, read by the sign-in page. Pure. */

/** The URL in the QR code. The secret is in the fragment, which browsers do not send to the server. */
export function pairingLink(url: string, secret: string): string {
  return `${url.replace(/\/+$/, '')}/#/pair/${secret}`;
}

/** The secret in the fragment of a pairing link, or null. */
export function pairingSecret(hash: string): string | null {
  return /^#\/pair\/([\w-]{43})$/.exec(hash)?.[1] ?? null;
}

/** The six or eight digits of a typed pairing code, with or without spaces or hyphens; null for anything else. */
export function toCode(typed: string): string | null {
  const digits = typed.replace(/[\s-]/g, '');
  return /^\d{6}(?:\d{2})?$/.test(digits) ? digits : null;
}
