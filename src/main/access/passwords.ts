/** Hashing passwords, off the event loop and one at a time. */
import { scrypt } from 'node:crypto';
import { CallError } from '../../shared/result';
import type { PasswordHash } from './credential-schema';
import { sameSecret } from './secrets';
import type { RandomBytes } from '../lib/ids';

/** scrypt's parameters as OWASP's password storage cheat sheet has them first: 128 MiB for each hash. */
export const COST = { n: 2 ** 17, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Hashes that may wait for their turn: more would be an attack, and each takes 128 MiB and a good part of a second. */
const MAX_WAITING = 4;

/** Derives a key from a password; the one slow step, injected so that tests can count it. */
export type Derive = (password: string, hash: Omit<PasswordHash, 'hash'>) => Promise<string>;

/** scrypt on a thread of Node's pool. */
export const deriveWithScrypt: Derive = (password, { n, r, p, salt }) =>
  new Promise((resolve, reject) => {
    // Node's own bound is 32 MiB; scrypt needs 128 · N · r bytes and a little.
    const maxmem = 128 * n * r + 16 * 2 ** 20;
    scrypt(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), KEY_BYTES, { N: n, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key.toString('base64url'));
      else reject(error);
    });
  });

/** Makes and checks hashes. */
export interface Passwords {
  hash(password: string): Promise<PasswordHash>;
  /** Without a hash to compare with it does the same work and answers no: nobody learns which names exist. */
  verify(password: string, kept: PasswordHash | null): Promise<boolean>;
}

/** Makes it. Rejects with a CallError when too many wait. */
export function createPasswords(random: RandomBytes, derive: Derive = deriveWithScrypt): Passwords {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= MAX_WAITING) throw new CallError('TooMany', 'too many sign in at once; try again in a moment');
    waiting += 1;
    const turn = last.then(work);
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await turn;
    } finally {
      waiting -= 1;
    }
  };
  const salt = (): string => random(SALT_BYTES).toString('base64url');
  const nobody = { ...COST, salt: salt(), hash: '' };
  return {
    hash: (password) => {
      const made = { ...COST, salt: salt() };
      return inTurn(async () => ({ ...made, hash: await derive(password, made) }));
    },
    verify: (password, kept) =>
      inTurn(async () => {
        const against = kept ?? nobody;
        const same = sameSecret(await derive(password, against), against.hash);
        return same && kept !== null;
      }),
  };
}
