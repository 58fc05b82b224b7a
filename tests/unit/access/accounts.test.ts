import { describe, expect, it } from 'vitest';
import { COST, createPasswords, deriveWithScrypt } from '../../../src/main/access/passwords';
import { passwordProblem } from '../../../src/shared/sharing/auth-policy';
import { settle } from '../../support/collectors';
import { openRig, repeatableRandom, typesOf, whoIs } from '../../support/access';

const GOOD = 'correct horse battery';
const HOME = '192.168.1.20';

describe('accounts', () => {
  it('sign in with the password, whatever the case of the name, and have their role', async () => {
    const rig = openRig();
    await rig.access.accounts.set('Anna', 'admin', GOOD);
    const came = await rig.access.login('aNNA', GOOD, 'Firefox', HOME);
    if (came.kind !== 'ok') throw new Error(came.kind);
    expect(await whoIs(rig, came.tokens.access)).toMatchObject({ name: 'Anna, Firefox', role: 'admin' });
    expect(rig.access.summary().devices).toMatchObject([{ account: 'Anna', lastAddress: HOME }]);
    expect(typesOf(rig)).toEqual(['lan_login']);
  });

  it('unknown names, wrong passwords and removed accounts are one answer for the same work', async () => {
    const rig = openRig();
    await rig.access.accounts.set('anna', 'admin', GOOD);
    rig.derived.length = 0;
    const answers = [await rig.access.login('anna', 'wrong password', '', HOME), await rig.access.login('nobody', 'wrong password', '', HOME), await rig.access.login('nobody', GOOD, '', HOME)];
    rig.access.accounts.remove('anna');
    answers.push(await rig.access.login('anna', GOOD, '', HOME));
    expect(answers).toEqual(Array.from({ length: 4 }, () => ({ kind: 'wrong' })));
    expect(rig.derived).toHaveLength(4);
    expect(rig.access.summary().devices).toEqual([]);
  });

  it('guessing is held back for names that exist and names that do not, without hashing', async () => {
    const rig = openRig();
    await rig.access.accounts.set('anna', 'admin', GOOD);
    rig.derived.length = 0;
    const kinds = async (name: string, address: string): Promise<string[]> => {
      const all: string[] = [];
      for (let n = 0; n < 8; n += 1) all.push((await rig.access.login(name, `guess number ${n}`, '', address)).kind);
      return all;
    };
    const known = await kinds('anna', '10.0.0.1');
    expect(known).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait', 'wait', 'wait']);
    expect(await kinds('nobody', '10.0.0.2')).toEqual(known);
    expect(rig.derived).toHaveLength(10);
    // Another address is not held back by that one, and the right password is not either after a wait.
    expect((await rig.access.login('anna', GOOD, '', HOME)).kind).toBe('ok');
    await rig.time.pass(60_000);
    expect((await rig.access.login('anna', GOOD, '', '10.0.0.1')).kind).toBe('ok');
  });

  it('many addresses together are held back too, and none of a thousand guesses gets in', async () => {
    const rig = openRig();
    await rig.access.accounts.set('anna', 'admin', GOOD);
    rig.derived.length = 0;
    for (let n = 0; n < 1000; n += 1) {
      const came = await rig.access.login(n % 2 === 0 ? 'anna' : `user${n}`, `guess number ${n}`, '', `10.0.${n % 250}.${n % 7}`);
      expect(came.kind).not.toBe('ok');
    }
    expect(rig.derived.length).toBeLessThanOrEqual(20);
    rig.access.close();
    const failed = rig.events.filter(({ type }) => type === 'lan_login_failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ severity: 'warning', details: { count: 1000 } });
  });

  it.each([
    ['short', 'Tr0ub4d&3', /at least 10/],
    ['the name', 'anna-the-great', /not be the name/],
    ['a pattern', 'abababababab', /different characters/],
    ['endless', 'xyz'.repeat(100), /at most 200/],
  ])('refuse a password that is %s', async (_what, password, problem) => {
    const { access } = openRig();
    await expect(access.accounts.set('Anna-the-Great', 'viewer', password)).rejects.toThrow(problem);
    expect(passwordProblem(password, 'Anna-the-Great')).toMatch(problem);
    expect(access.summary().accounts).toEqual([]);
  });

  it('need a password to begin with, keep it when only the role changes, and the new one counts alone', async () => {
    const { access } = openRig();
    await expect(access.accounts.set('anna', 'viewer', undefined)).rejects.toThrow(/required for a new account/);
    expect(await access.accounts.set('anna', 'viewer', GOOD)).toBe(true);
    expect(await access.accounts.set('ANNA', 'admin', undefined)).toBe(false);
    expect(access.summary().accounts).toMatchObject([{ name: 'anna', role: 'admin' }]);
    expect(await access.accounts.set('anna', 'admin', 'another long phrase')).toBe(true);
    expect((await access.login('anna', GOOD, '', HOME)).kind).toBe('wrong');
    expect((await access.login('anna', 'another long phrase', '', HOME)).kind).toBe('ok');
  });

  it('a password changed or an account removed while it is checked lets nobody in', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let slow = false;
    const rig = openRig({ parts: { derive: async (password, { salt }) => (slow ? gate : Promise.resolve()).then(() => `${salt}${password}`) } });
    await rig.access.accounts.set('anna', 'admin', GOOD);
    slow = true;
    const login = rig.access.login('anna', GOOD, '', HOME);
    await settle();
    rig.access.accounts.remove('anna');
    release();
    expect(await login).toEqual({ kind: 'wrong' });
  });
});

describe('passwords', () => {
  it('are hashed with scrypt at full strength, the same text in another composition being the same', async () => {
    const passwords = createPasswords(repeatableRandom());
    const kept = await passwords.hash('Lösung für alles');
    expect(kept).toMatchObject(COST);
    expect(COST).toEqual({ n: 131_072, r: 8, p: 1 });
    expect(await passwords.verify('Lo\u0308sung fu\u0308r alles', kept)).toBe(true);
    expect(await passwords.verify('losung fur alles', kept)).toBe(false);
    expect((await passwords.hash('Lösung für alles')).hash).not.toBe(kept.hash);
    // Four hashes at full strength, which a busy machine takes its time over.
  }, 60_000);

  it('scrypt gives what RFC 7914 says', async () => {
    const key = await deriveWithScrypt('password', { n: 1024, r: 8, p: 16, salt: Buffer.from('NaCl').toString('base64url') });
    expect(Buffer.from(key, 'base64url').toString('hex')).toBe('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162');
  });

  it('are hashed one at a time, and a crowd is sent away', async () => {
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
