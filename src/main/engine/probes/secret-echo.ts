/** Takes secrets out of a text: a server may send back what it was sent, as it was or written otherwise. Pure. */

/** A secret that is shorter is found in too much that is none. */
const LEAST_SECRET = 4;
const HIDDEN = '•••';

/** How texts are written in URLs and forms, JSON, and HTML, each as a way back. What is not written so stays. */
const fromPercent = (text: string): string => text.replace(/(?:%[0-9a-f]{2})+/gi, (found) => Buffer.from(found.replaceAll('%', ''), 'hex').toString());
const DECODERS: readonly ((text: string) => string)[] = [
  fromPercent,
  (text) => fromPercent(text.replaceAll('+', ' ')),
  (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_found, code: string) => String.fromCharCode(Number.parseInt(code, 16))).replace(/\\(["\\/])/g, '$1'),
  (text) => text.replace(/&#(x?)([0-9a-f]{1,6});/gi, (found, isHex: string, code: string) => fromCode(Number.parseInt(code, isHex === '' ? 10 : 16)) ?? found).replace(/&(amp|lt|gt|quot|apos);/g, (_found, name: string) => ENTITIES[name] ?? ''),
];
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const fromCode = (code: number): string | null => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : null);

/** The text of base64, where it is one: what a header with a user name and a password says. */
function fromBase64(text: string): string | null {
  const bare = text.replace(/=+$/, '');
  const decoded = Buffer.from(bare, 'base64').toString();
  return Buffer.from(decoded).toString('base64').replace(/=+$/, '') === bare ? decoded : null;
}

/** What stands before the credentials in a header: not every first word, since a password may be a phrase. */
const SCHEME = /^(?:basic|bearer|token|apikey|api-key|key|digest|dpop|negotiate) +(?=\S)/i;

/** The secret, and the parts of it that are secret by themselves: after the scheme of a header, and the password after a user name. */
function partsOf(secret: string): readonly string[] {
  const credentials = SCHEME.test(secret) ? secret.replace(SCHEME, '') : '';
  const pair = /^basic /i.test(secret) ? (fromBase64(credentials) ?? '') : '';
  return [secret, credentials, pair, pair.slice(pair.indexOf(':') + 1)].filter((part) => part.length >= LEAST_SECRET);
}

/** The characters of base64 that bytes give wherever they stand among others: 0, 1 or 2 bytes before them that belong to a group of three. */
function base64Of(part: string): readonly string[] {
  const bytes = Buffer.from(part);
  const spelled = [0, 1, 2].map((before) => {
    const bits = (before + bytes.length) * 8;
    return Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
  return spelled.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]).filter((text) => text.length >= LEAST_SECRET);
}

/** Everything to look for, the longest first. */
function spellingsOf(secrets: readonly string[]): readonly string[] {
  const parts = secrets.filter((secret) => secret.length >= LEAST_SECRET).flatMap(partsOf);
  return [...new Set([...parts, ...parts.flatMap(base64Of)])].toSorted((a, b) => b.length - a.length);
}

/**
 * The text with dots in place of each secret: as it is, in base64, alone or among other bytes, and each of these as URLs, forms,
 * JSON or HTML write it. A text in which one was found in such a writing is given as it reads without it.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const spellings = spellingsOf(secrets);
  if (spellings.length === 0) return text;
  const hide = (from: string): string => spellings.reduce((left, spelling) => left.replaceAll(spelling, HIDDEN), from);
  let shown = hide(text);
  for (const decode of DECODERS) {
    const decoded = decode(shown);
    if (decoded !== shown && spellings.some((spelling) => decoded.includes(spelling))) shown = hide(decoded);
  }
  return shown;
}

/** The begin of a text that is shown without secrets: none is cut in two, so that its first half would stay. */
export function previewWithout(text: string, secrets: readonly string[], length: number): string {
  const longest = Math.max(0, ...secrets.map((secret) => secret.length));
  // A character of a secret takes 9 at most: one of three bytes in a URL.
  return withoutSecrets(text.slice(0, length + 9 * longest), secrets).slice(0, length);
}
