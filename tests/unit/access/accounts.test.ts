/** Accounts: passwords, rate limits and hashing. */
import { describe, expect, it } from 'vitest';
import { COST, createPasswords, deriveWithScrypt } from '../../../src/main/access/passwords';
import { passwordProblem } from '../../../src/shared/sharing/auth-policy';
import { settle } from '../../support/collectors';
import { openAccess, repeatableRandom, eventTypesOf, identify } from '../../support/access';

const PASSWORD = 'correct horse battery';
const HOME = '192.168.1.20';

describe('accounts', () => {
  it('sign in with their password, whatever the case of the name, and have their role', async () => {
    const harness = openAccess();
    await harness.access.accounts.set('Anna', 'admin', PASSWORD);
    const signedIn = await harness.access.login('aNNA', PASSWORD, 'Firefox', HOME);
    if (signedIn.kind !== 'ok') throw new Error(signedIn.kind);
    expect(await identify(harness, signedIn.tokens.access)).toMatchObject({ name: 'Anna, Firefox', role: 'admin' });
    expect(harness.access.summary().devices).toMatchObject([{ account: 'Anna', lastAddress: HOME }]);
    expect(eventTypesOf(harness)).toEqual(['lan_login']);
  });

  it('unknown names, wrong passwords and removed accounts give the same result for the same work', async () => {
    const harness = openAccess();
    await harness.access.accounts.set('anna', 'admin', PASSWORD);
    harness.hashed.length = 0;
    const results = [await harness.access.login('anna', 'wrong password', '', HOME), await harness.access.login('nobody', 'wrong password', '', HOME), await harness.access.login('nobody', PASSWORD, '', HOME)];
    harness.access.accounts.remove('anna');
    results.push(await harness.access.login('anna', PASSWORD, '', HOME));
    expect(results).toEqual(Array.from({ length: 4 }, () => ({ kind: 'wrong' })));
    expect(harness.hashed).toHaveLength(4);
    expect(harness.access.summary().devices).toEqual([]);
  });

  it('guessing is rate limited for existing and unknown names, without hashing', async () => {
    const harness = openAccess();
    await harness.access.accounts.set('anna', 'admin', PASSWORD);
    harness.hashed.length = 0;
    const kinds = async (name: string, address: string): Promise<string[]> => {
      const all: string[] = [];
      for (let n = 0; n < 8; n += 1) all.push((await harness.access.login(name, `guess number ${n}`, '', address)).kind);
      return all;
    };
    const known = await kinds('anna', '10.0.0.1');
    expect(known).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait', 'wait', 'wait']);
    expect(await kinds('nobody', '10.0.0.2')).toEqual(known);
    expect(harness.hashed).toHaveLength(10);
    // Another address is not limited by that one, nor is the right password after a wait.
    expect((await harness.access.login('anna', PASSWORD, '', HOME)).kind).toBe('ok');
    await harness.time.pass(60_000);
    expect((await harness.access.login('anna', PASSWORD, '', '10.0.0.1')).kind).toBe('ok');
  });

  it('guessing from many addresses is rate limited too, and none of a thousand guesses succeeds', async () => {
    const harness = openAccess();
    await harness.access.accounts.set('anna', 'admin', PASSWORD);
    harness.hashed.length = 0;
    for (let n = 0; n < 1000; n += 1) {
      const signedIn = await harness.access.login(n % 2 === 0 ? 'anna' : `user${n}`, `guess number ${n}`, '', `10.0.${n % 250}.${n % 7}`);
      expect(signedIn.kind).not.toBe('ok');
    }
    expect(harness.hashed.length).toBeLessThanOrEqual(20);
    harness.access.close();
    const failed = harness.events.filter(({ type }) => type === 'lan_login_failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ severity: 'warning', details: { count: 1000 } });
  });

  it.each([
    ['short', 'Tr0ub4d&3', /at least 10/],
    ['the name', 'anna-the-great', /not be the name/],
    ['a pattern', 'abababababab', /different characters/],
    ['endless', 'xyz'.repeat(100), /at most 200/],
  ])('refuse a password that is %s', async (_what, password, problem) => {
    const { access } = openAccess();
    await expect(access.accounts.set('Anna-the-Great', 'viewer', password)).rejects.toThrow(problem);
    expect(passwordProblem(password, 'Anna-the-Great')).toMatch(problem);
    expect(access.summary().accounts).toEqual([]);
  });

  it('need a password at first, keep it when only the role changes, and accept only the new one after a change', async () => {
    const { access } = openAccess();
    await expect(access.accounts.set('anna', 'viewer', undefined)).rejects.toThrow(/required for a new account/);
    expect(await access.accounts.set('anna', 'viewer', PASSWORD)).toBe(true);
    expect(await access.accounts.set('ANNA', 'admin', undefined)).toBe(false);
    expect(access.summary().accounts).toMatchObject([{ name: 'anna', role: 'admin' }]);
    expect(await access.accounts.set('anna', 'admin', 'another long phrase')).toBe(true);
    expect((await access.login('anna', PASSWORD, '', HOME)).kind).toBe('wrong');
    expect((await access.login('anna', 'another long phrase', '', HOME)).kind).toBe('ok');
  });

  it('removing an account while its password is checked makes the sign-in fail', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let slow = false;
    const harness = openAccess({ parts: { derive: async (password, { salt }) => (slow ? gate : Promise.resolve()).then(() => `${salt}${password}`) } });
    await harness.access.accounts.set('anna', 'admin', PASSWORD);
    slow = true;
    const login = harness.access.login('anna', PASSWORD, '', HOME);
    await settle();
    harness.access.accounts.remove('anna');
    release();
    expect(await login).toEqual({ kind: 'wrong' });
  });
});

describe('passwords', () => {
  it('are hashed with scrypt at full strength, after Unicode normalization', async () => {
    const passwords = createPasswords(repeatableRandom());
    const stored = await passwords.hash('Lösung für alles');
    expect(stored).toMatchObject(COST);
    expect(COST).toEqual({ n: 131_072, r: 8, p: 1 });
    expect(await passwords.verify('Lo\u0308sung fu\u0308r alles', stored)).toBe(true);
    expect(await passwords.verify('losung fur alles', stored)).toBe(false);
    expect((await passwords.hash('Lösung für alles')).hash).not.toBe(stored.hash);
    // Four hashes at full strength, which a busy machine takes its time over.
  }, 60_000);

  it('scrypt matches the test vector of RFC 7914', async () => {
    const key = await deriveWithScrypt('password', { n: 1024, r: 8, p: 16, salt: Buffer.from('NaCl').toString('base64url') });
    expect(Buffer.from(key, 'base64url').toString('hex')).toBe('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162');
  });

  it('are hashed one at a time, and too many at once are refused', async () => {
    let running = 0;
    let most = 0;
    const passwords = createPasswords(repeatableRandom(), async (password) => {
      running += 1;
      most = Math.max(most, running);
      await settle();
      running -= 1;
      return password;
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => passwords.verify('x', null)));
    expect(most).toBe(1);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(6);
    expect(await passwords.verify('x', null)).toBe(false);
  });
});
