/** Accounts: name, role and password. Optional, created on the machine itself. */
import { accountKey, passwordProblem } from '../../shared/sharing/auth-policy';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { networkOf } from './addresses';
import type { Role } from './identity';
import { createRateLimiter } from './rate-limiter';
import type { Passwords } from './passwords';
import type { StoredAccount, PasswordHash, StoredCredentials } from './credential-schema';
import type { CredentialChange, CredentialStore } from './credential-store';

/** Result of checking a password. */
type PasswordCheck =
  | { readonly kind: 'ok'; readonly account: StoredAccount }
  | { readonly kind: 'wrong' }
  /** Too many attempts; the next one is allowed after so many ms. */
  | { readonly kind: 'wait'; readonly ms: number };

/** Result of preparing a password change: on success the change to save. */
type PreparedChange = Exclude<PasswordCheck, { readonly kind: 'ok' }> | { readonly kind: 'ok'; readonly name: string; readonly change: CredentialChange };

/** A request to replace a password. */
export interface PasswordChange {
  /** The password that is replaced. */
  readonly current: string;
  readonly password: string;
  readonly address: string;
}

/** Creates, checks and removes accounts. */
export interface Accounts {
  /** Checks a password, with rate limits. Unknown names and wrong passwords take the same work and give the same result. */
  checkPassword(name: string, password: string, address: string): Promise<PasswordCheck>;
  find(name: string): StoredAccount | null;
  /** Creates or changes an account; without a password the present one stays. Rejects with a CallError. True when the password was set. */
  set(name: string, role: Role, password: string | undefined): Promise<boolean>;
  /**
   * Checks the current password, with the limits of signing in, and hashes the new one. The resulting change must be saved
   * at once, together with whatever ends with the old password. Rejects with a CallError where the new password is not allowed.
   */
  preparePasswordChange(name: string, change: PasswordChange): Promise<PreparedChange>;
  /** False when there is no such account. */
  remove(name: string): boolean;
}

/** What the accounts are built from. */
export interface AccountParts {
  readonly credentials: CredentialStore;
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly passwords: Passwords;
}

/** Per network and name: 5 attempts, then one a minute. Over all networks: 20, then one every 10 s. */
const NAME_LIMITS = { perKey: { burst: 5, every: 60_000 }, overall: { burst: 20, every: 10_000 } } as const;
/** Per network, whatever the name: 10 attempts, then one every 30 s. */
const NETWORK_LIMITS = { perKey: { burst: 10, every: 30_000 }, overall: { burst: 1000, every: 1 } } as const;

/** Right passwords, per network and name: 10, then one a minute: each may make a device, and takes the work of a hash. */
const SUCCESS_LIMITS = { perKey: { burst: 10, every: 60_000 }, overall: { burst: 100, every: 1000 } } as const;

const withAccount = (account: StoredAccount) => (credentials: StoredCredentials): StoredCredentials => ({
  ...credentials,
  accounts: [...credentials.accounts.filter((one) => accountKey(one.name) !== accountKey(account.name)), account].toSorted((a, b) => a.name.localeCompare(b.name)),
});

const withPassword = (name: string, password: PasswordHash) => (credentials: StoredCredentials): StoredCredentials => ({
  ...credentials,
  accounts: credentials.accounts.map((one) => (one.name === name ? { ...one, password } : one)),
});

/** Throws a CallError with the reason when a password breaks the policy. */
function assertAllowed(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem !== null) throw new CallError('BadInput', `password: ${problem}`);
}

/** Creates the accounts over a credential store. */
export function createAccounts({ credentials, clock, passwords }: AccountParts): Accounts {
  const byName = createRateLimiter({ clock, ...NAME_LIMITS });
  const byNetwork = createRateLimiter({ clock, ...NETWORK_LIMITS });
  const bySuccess = createRateLimiter({ clock, ...SUCCESS_LIMITS });
  const find = (name: string): StoredAccount | null => credentials.get().accounts.find((account) => accountKey(account.name) === accountKey(name)) ?? null;

  const checkPassword = async (name: string, password: string, address: string): Promise<PasswordCheck> => {
    const network = networkOf(address);
    const key = `${network} ${accountKey(name)}`;
    // All limiters count in any case: which of them refuses must not depend on the name, or on the password.
    const ms = Math.max(byNetwork.take(network), byName.take(key), bySuccess.wait(key));
    if (ms > 0) return { kind: 'wait', ms };
    const account = find(name);
    if (!(await passwords.verify(password, account?.password ?? null)) || account === null) return { kind: 'wrong' };
    // The account may have been removed or got another password while the hash was computed.
    if (find(name)?.password !== account.password) return { kind: 'wrong' };
    byName.reset(key);
    // Failures with other names stay counted: one right password must not buy guesses at the others.
    byNetwork.refund(network);
    bySuccess.take(key);
    return { kind: 'ok', account };
  };

  return {
    find,
    checkPassword,

    async set(name, role, password) {
      const before = find(name);
      if (password === undefined && before === null) throw new CallError('BadInput', 'password: required for a new account');
      if (password !== undefined) assertAllowed(password, name);
      const newHash = password === undefined ? null : await passwords.hash(password);
      const present = find(name);
      const hash = newHash ?? present?.password;
      if (hash === undefined) throw new CallError('NotFound', 'account not found');
      credentials.update(withAccount({ name: present?.name ?? name, role, createdAt: present?.createdAt ?? clock.now(), password: hash }));
      return newHash !== null;
    },

    async preparePasswordChange(name, { current, password, address }) {
      assertAllowed(password, name);
      if (password === current) throw new CallError('BadInput', 'password: must differ from the current one');
      const checked = await checkPassword(name, current, address);
      if (checked.kind !== 'ok') return checked;
      const newHash = await passwords.hash(password);
      // The account may have been removed or got another password while the hash was computed.
      const present = find(name);
      if (present === null || present.password !== checked.account.password) return { kind: 'wrong' };
      return { kind: 'ok', name: present.name, change: withPassword(present.name, newHash) };
    },

    remove(name) {
      if (find(name) === null) return false;
      credentials.revoke((all) => ({ ...all, accounts: all.accounts.filter((one) => accountKey(one.name) !== accountKey(name)) }));
      return true;
    },
  };
}
