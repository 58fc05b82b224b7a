/** Random identifiers. An id is a name, never a secret: knowing one grants nothing. */

/** Returns `count` random bytes: `crypto.randomBytes` in the app, repeatable bytes in tests. */
export type RandomBytes = (count: number) => Buffer;

/** An id: a prefix that says what it identifies, and 64 random bits in hexadecimal. */
export function newId(prefix: string, random: RandomBytes): string {
  return `${prefix}${random(8).toString('hex')}`;
}
