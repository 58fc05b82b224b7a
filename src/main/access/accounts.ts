/** Accounts with passwords: optional, made at the desktop. */
import { accountKey, passwordProblem } from '../../shared/sharing/auth-policy';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Role } from './identity';
import { networkOf } from './addresses';
import { createRateLimiter } from './rate-limiter';
import type { Passwords } from './passwords';
import type { StoredAccount, PasswordHash, StoredCredentials } from './credential-schema';
import type { CredentialChange, CredentialStore } from './credential-store';

/** What came of a password. */
type Login =
  | { readonly kind: 'ok'; readonly account: StoredAccount }
  | { readonly kind: 'wrong' }
  /** Tried too often; again after so many ms. */
  | { readonly kind: 'wait'; readonly ms: number };

/** What came of asking for another password of one's own. */
type Renewal = Exclude<Login, { readonly kind: 'ok' }> | { readonly kind: 'ok'; readonly name: string; readonly change: CredentialChange };

/** A password that is to replace another. */
export interface PasswordChange {
  /** The one it replaces. */
  readonly current: string;
  readonly password: string;
  readonly address: string;
}

/** Keeps the accounts. */
export interface Accounts {
  /** Checks a password. Unknown names, known names and wrong passwords cost and say the same. */
  login(name: string, password: string, address: string): Promise<Login>;
  find(name: string): StoredAccount | null;
  /** Makes an account, or changes one. Rejects with a CallError. True when the password was changed. */
  set(name: string, role: Role, password: string | undefined): Promise<boolean>;
  /**
   * Makes another password for who knows the present one, with the limits of signing in. What comes back is to be put in
   * force at once and together with what ends with the old one. Rejects with a CallError where the new one will not do.
   */
  renew(name: string, change: PasswordChange): Promise<Renewal>;
  /** False when there is none such. */
  remove(name: string): boolean;
}

/** What the accounts are built from. */
export interface AccountParts {
  readonly credentials: CredentialStore;
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly passwords: Passwords;
}

/** Five slips, then one try every minute; from all addresses together twenty, then one every ten seconds. */
const LIMITS = { perKey: { burst: 5, every: 60_000 }, overall: { burst: 20, every: 10_000 } } as const;
/** The same address with ever another name: ten, then one every half minute. */
const ADDRESS_LIMIT = { perKey: { burst: 10, every: 30_000 }, overall: { burst: 1000, every: 1 } } as const;

const withAccount = (account: StoredAccount) => (credentials: StoredCredentials): StoredCredentials => ({
  ...credentials,
  accounts: [...credentials.accounts.filter((one) => accountKey(one.name) !== accountKey(account.name)), account].toSorted((a, b) => a.name.localeCompare(b.name)),
});

const withPassword = (name: string, password: PasswordHash) => (credentials: StoredCredentials): StoredCredentials => ({
  ...credentials,
  accounts: credentials.accounts.map((one) => (one.name === name ? { ...one, password } : one)),
});

/** Throws a CallError that says why a password will not do. */
function refuseWeak(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem !== null) throw new CallError('BadInput', `password: ${problem}`);
}

/** Makes the keeper. */
export function createAccounts({ credentials, clock, passwords }: AccountParts): Accounts {
  const byName = createRateLimiter({ clock, ...LIMITS });
  const byAddress = createRateLimiter({ clock, ...ADDRESS_LIMIT });
  const find = (name: string): StoredAccount | null => credentials.get().accounts.find((account) => accountKey(account.name) === accountKey(name)) ?? null;

  const login = async (name: string, password: string, address: string): Promise<Login> => {
    const from = networkOf(address);
    const key = `${from} ${accountKey(name)}`;
    // Both are asked in any case: which of them refuses must not depend on the name.
    const ms = Math.max(byAddress.take(from), byName.take(key));
    if (ms > 0) return { kind: 'wait', ms };
    const account = find(name);
    if (!(await passwords.verify(password, account?.password ?? null)) || account === null) return { kind: 'wrong' };
    // It may have been removed, or given another password, while the hash was made.
    if (find(name)?.password !== account.password) return { kind: 'wrong' };
    byName.reset(key);
    byAddress.reset(from);
    return { kind: 'ok', account };
  };

  return {
    find,
    login,

    async set(name, role, password) {
      const before = find(name);
      if (password === undefined && before === null) throw new CallError('BadInput', 'password: a new account needs one');
      if (password !== undefined) refuseWeak(password, name);
      const made = password === undefined ? null : await passwords.hash(password);
      const now = find(name);
      const kept = made ?? now?.password;
      if (kept === undefined) throw new CallError('NotFound', 'this account is gone');
      credentials.update(withAccount({ name: now?.name ?? name, role, createdAt: now?.createdAt ?? clock.now(), password: kept }));
      return made !== null;
    },

    async renew(name, { current, password, address }) {
      refuseWeak(password, name);
      if (password === current) throw new CallError('BadInput', 'password: must be another one than before');
      const came = await login(name, current, address);
      if (came.kind !== 'ok') return came;
      const made = await passwords.hash(password);
      // Somebody at the desktop may have given it another one, or removed it, while the hash was made.
      const now = find(name);
      if (now === null || now.password !== came.account.password) return { kind: 'wrong' };
      return { kind: 'ok', name: now.name, change: withPassword(now.name, made) };
    },

    remove(name) {
      if (find(name) === null) return false;
      credentials.revoke((all) => ({ ...all, accounts: all.accounts.filter((one) => accountKey(one.name) !== accountKey(name)) }));
      return true;
    },
  };
}
