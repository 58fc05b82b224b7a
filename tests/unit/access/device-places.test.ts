/** Nobody with a password can take the places of others: devices per account, places of admins and of pairing, and limits of right passwords. */
import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { givesWay, PLACES } from '../../../src/main/access/device-places';
import { identify, openAccess, pairDevice } from '../../support/access';
import type { AccessHarness } from '../../support/access';

const PASSWORD = 'correct horse battery';

async function open(accounts: Readonly<Record<string, 'viewer' | 'admin'>>): Promise<AccessHarness> {
  const harness = openAccess();
  for (const [name, role] of Object.entries(accounts)) await harness.access.accounts.set(name, role, PASSWORD);
  return harness;
}

/** Signs in `count` times, from one address, waiting as told. */
async function signIn(harness: AccessHarness, name: string, count: number): Promise<{ access: string; refresh: string }[]> {
  const tokens: { access: string; refresh: string }[] = [];
  while (tokens.length < count) {
    const result = await harness.access.login(name, PASSWORD, '', '192.168.1.66');
    if (result.kind === 'ok') tokens.push(result.tokens);
    else if (result.kind === 'wait') await harness.time.pass(result.ms);
    else throw new Error(result.kind);
  }
  return tokens;
}

describe('places for devices', () => {
  it('200 sign-ins of a viewer leave room for an admin and for pairing, and the latest of them are signed in', async () => {
    const harness = await open({ vera: 'viewer', anna: 'admin' });
    const tokens = await signIn(harness, 'vera', 200);
    expect(harness.access.summary().devices.filter(({ account }) => account === 'vera')).toHaveLength(PLACES.perAccount);
    const admin = await harness.access.login('anna', PASSWORD, '', '192.168.1.20');
    expect(admin.kind).toBe('ok');
    expect(pairDevice(harness).kind).toBe('ok');
    // Its limits count on the account.
    expect(await identify(harness, tokens.at(-1)?.access ?? '')).toMatchObject({ role: 'viewer', account: 'vera' });
    expect(harness.access.refresh(tokens[0]?.refresh ?? '', '192.168.1.66')).toEqual({ kind: 'wrong' });
    expect(harness.revoked.length).toBe(200 - PLACES.perAccount);
  });

  it('the one that gives way is the longest unseen of that account, and it is said', async () => {
    const harness = await open({ vera: 'viewer' });
    const tokens = await signIn(harness, 'vera', PLACES.perAccount);
    await harness.time.pass(3_600_000);
    harness.access.refresh(tokens[0]?.refresh ?? '', '192.168.1.66');
    await signIn(harness, 'vera', 1);
    expect(harness.access.refresh(tokens[1]?.refresh ?? '', '192.168.1.66')).toEqual({ kind: 'wrong' });
    expect(harness.access.summary().devices).toHaveLength(PLACES.perAccount);
    expect(harness.events.find(({ type }) => type === 'lan_device_revoked')?.message).toMatch(/its place was needed/);
  });

  it('right passwords are limited too, whether the next one is right or wrong', async () => {
    const harness = await open({ vera: 'viewer' });
    const kinds: string[] = [];
    for (let n = 0; n < 14; n += 1) kinds.push((await harness.access.login('vera', PASSWORD, '', '192.168.1.66')).kind);
    expect(kinds.filter((kind) => kind === 'ok')).toHaveLength(10);
    expect(kinds.slice(10)).toEqual(['wait', 'wait', 'wait', 'wait']);
    expect((await harness.access.login('vera', 'wrong password', '', '192.168.1.66')).kind).toBe('wait');
    expect((await harness.access.login('vera', PASSWORD, '', '192.168.1.67')).kind).toBe('ok');
  });

  it('a right password does not buy guesses at other names', async () => {
    const harness = await open({ vera: 'viewer', anna: 'admin' });
    let guesses = 0;
    for (let n = 0; n < 60; n += 1) {
      if ((await harness.access.login(`name ${n}`, 'wrong password', '', '192.168.1.66')).kind === 'wrong') guesses += 1;
      await harness.access.login('vera', PASSWORD, '', '192.168.1.66');
    }
    expect(guesses).toBeLessThanOrEqual(10);
  });

  it('whoever comes in whatever order: no list is overfull, accounts leave places to pairing, and no paired browser gives way', () => {
    const newcomer = constantFrom(...['v1', 'v2', 'v3', 'V1', ...Array.from({ length: 30 }, (_, n) => `viewer${n}`)].map((account) => ({ role: 'viewer' as const, account })), { role: 'admin' as const, account: 'a1' }, { role: 'admin' as const, account: 'a2' }, { role: 'viewer' as const, account: null }, { role: 'admin' as const, account: null });
    assert(
      property(array(newcomer, { minLength: 150, maxLength: 600 }), (comers) => {
        let devices: { id: string; role: 'viewer' | 'admin'; account: string | null; refresh: { seenAt: number } }[] = [];
        comers.forEach((comer, seenAt) => {
          const place = givesWay(devices as never[], comer) as (typeof devices)[number] | 'full' | null;
          if (place === 'full') {
            // Only where all others were approved on the machine, or are admins.
            expect(devices.filter(({ role, account }) => role === 'viewer' && account !== null)).toEqual([]);
            return;
          }
          if (place !== null) expect(place.account).not.toBeNull();
          devices = [...devices.filter((device) => device !== place), { ...comer, id: `d${seenAt}`, refresh: { seenAt } }];
        });
        const ofAccounts = devices.filter(({ account }) => account !== null);
        expect(devices.length).toBeLessThanOrEqual(PLACES.all);
        expect(ofAccounts.length).toBeLessThanOrEqual(PLACES.accounts);
        expect(ofAccounts.filter(({ role }) => role === 'viewer').length).toBeLessThanOrEqual(PLACES.viewerAccounts);
        for (const name of ['v1', 'a1']) expect(ofAccounts.filter(({ account }) => account?.toLowerCase() === name).length).toBeLessThanOrEqual(PLACES.perAccount);
      }),
      { numRuns: 30 },
    );
  });
});
