/** Hashes passwords with scrypt, off the event loop and one at a time. */
import { scrypt } from 'node:crypto';
import { CallError } from '../../shared/result';
import type { PasswordHash } from './credential-schema';
import { sameSecret } from './secrets';
import type { RandomBytes } from '../lib/ids';

/** The first scrypt parameters of OWASP's password storage cheat sheet: 128 MiB per hash. */
export const COST = { n: 2 ** 17, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Hashes that may be queued: more would be an attack, and each takes 128 MiB and most of a second. */
const MAX_WAITING = 4;

/** Derives a key from a password: the slow step, replaced in tests. */
export type Derive = (password: string, hash: Omit<PasswordHash, 'hash'>) => Promise<string>;

/** scrypt on a thread of Node's pool. */
export const deriveWithScrypt: Derive = (password, { n, r, p, salt }) =>
  new Promise((resolve, reject) => {
    // Node's default limit is 32 MiB; scrypt needs 128 · N · r bytes and a little.
    const maxmem = 128 * n * r + 16 * 2 ** 20;
    scrypt(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), KEY_BYTES, { N: n, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key.toString('base64url'));
      else reject(error);
    });
  });

/** Creates and checks password hashes. */
export interface Passwords {
  hash(password: string): Promise<PasswordHash>;
  /** Without a stored hash it does the same work and returns false: the time taken does not reveal which names exist. */
  verify(password: string, stored: PasswordHash | null): Promise<boolean>;
}

/** Creates the hashing queue. Calls reject with a CallError when too many are queued. */
export function createPasswords(random: RandomBytes, derive: Derive = deriveWithScrypt): Passwords {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const enqueue = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= MAX_WAITING) throw new CallError('TooMany', 'too many sign-ins at once; try again in a moment');
    waiting += 1;
    const result = last.then(work);
    last = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      waiting -= 1;
    }
  };
  const salt = (): string => random(SALT_BYTES).toString('base64url');
  const noAccount = { ...COST, salt: salt(), hash: '' };
  return {
    hash: (password) => {
      const parameters = { ...COST, salt: salt() };
      return enqueue(async () => ({ ...parameters, hash: await derive(password, parameters) }));
    },
    verify: (password, stored) =>
      enqueue(async () => {
        const against = stored ?? noAccount;
        const same = sameSecret(await derive(password, against), against.hash);
        return same && stored !== null;
      }),
  };
}
