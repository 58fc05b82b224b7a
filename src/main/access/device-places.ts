/**
 * Places for devices. Pure. Anyone with a password can sign in again and again, so the devices of an account are bounded,
 * and some places are kept: viewers' accounts cannot take those of admins, and accounts not those of pairing.
 */
import { accountKey } from '../../shared/sharing/auth-policy';
import type { StoredDevice } from './credential-schema';

/** Devices at the same time: all, those signed in with one account, those of viewers' accounts, and those of all accounts. */
export const PLACES = { all: 200, perAccount: 8, viewerAccounts: 120, accounts: 160 } as const;

/** What counts of a device. */
type Placed = Pick<StoredDevice, 'id' | 'role' | 'account' | 'refresh'>;
type Newcomer = Pick<StoredDevice, 'role' | 'account'>;

const longestUnseen = <D extends Placed>(devices: readonly D[]): D | undefined => devices.toSorted((a, b) => a.refresh.seenAt - b.refresh.seenAt)[0];

/** The longest unseen device of the account that has most. */
function fromLargestAccount<D extends Placed>(devices: readonly D[]): D | undefined {
  const byAccount = new Map<string, D[]>();
  for (const device of devices) {
    const key = accountKey(device.account ?? '');
    byAccount.set(key, [...(byAccount.get(key) ?? []), device]);
  }
  return longestUnseen([...byAccount.values()].toSorted((a, b) => b.length - a.length)[0] ?? []);
}

/**
 * The device that gives its place to a new one; null where none has to, and 'full' where none may. A paired browser was
 * approved on the machine and gives way to nobody.
 */
export function givesWay<D extends Placed>(devices: readonly D[], { role, account }: Newcomer): D | 'full' | null {
  const ofAccounts = devices.filter((device) => device.account !== null);
  const ofViewers = ofAccounts.filter((device) => device.role === 'viewer');
  const isFull = devices.length >= PLACES.all;
  if (account === null) return isFull ? (fromLargestAccount(ofViewers) ?? 'full') : null;
  const own = ofAccounts.filter((device) => accountKey(device.account ?? '') === accountKey(account));
  if (own.length >= PLACES.perAccount) return longestUnseen(own) ?? null;
  const noPlace = isFull || ofAccounts.length >= PLACES.accounts || (role === 'viewer' && ofViewers.length >= PLACES.viewerAccounts);
  if (!noPlace) return null;
  return fromLargestAccount(ofViewers) ?? (role === 'admin' ? fromLargestAccount(ofAccounts) : undefined) ?? 'full';
}
