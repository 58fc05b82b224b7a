/** Links and codes that pair a browser: made on the Sharing page, read on the sign-in page. Pure. */

/** The address a QR code leads to; what is behind the # stays in the browser. */
export function pairingLink(url: string, secret: string): string {
  return `${url.replace(/\/+$/, '')}/#/pair/${secret}`;
}

/** The secret of a pairing link's address, or null. */
export function pairingSecret(hash: string): string | null {
  return /^#\/pair\/([\w-]{43})$/.exec(hash)?.[1] ?? null;
}

/** The six digits of what was typed, with or without spaces; null for anything else. */
export function toCode(typed: string): string | null {
  const digits = typed.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : null;
}
