import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/main/access/addresses';
import { createRateLimiter } from '../../../src/main/access/rate-limiter';
import { newDigits } from '../../../src/main/access/secrets';
import { FakeTime } from '../../support/collectors';
import { openRig, repeatableRandom } from '../../support/access';
import type { Rig } from '../../support/access';

const DAY = 86_400_000;
const whoSends = (rig: Rig, authorization: string, cookies = {}) => rig.access.authenticate({ cookies, authorization, address: '10.0.0.9' });

describe('tokens of scripts', () => {
  it('speak for what they were given, until they end', async () => {
    const rig = openRig();
    const { token, stored } = rig.access.tokens.create('prometheus', ['metrics:read', 'metrics:read'], 30);
    expect(await whoSends(rig, `Bearer ${token}`)).toEqual({ id: stored.id, name: 'prometheus', role: 'viewer', scopes: ['metrics:read'] });
    expect(await whoSends(rig, `bearer ${token}`)).not.toBeNull();
    expect(rig.access.summary().tokens).toMatchObject([{ label: 'prometheus', lastUsed: rig.time.wall }]);
    rig.time.sleep(30 * DAY - 1);
    expect(await whoSends(rig, `Bearer ${token}`)).not.toBeNull();
    rig.time.sleep(1);
    expect(await whoSends(rig, `Bearer ${token}`)).toBeNull();
  });

  it('their end is told, so that what they hold open ends', async () => {
    const rig = openRig();
    const { stored } = rig.access.tokens.create('short', ['metrics:read'], 1);
    rig.access.tokens.create('long', ['metrics:read'], 2);
    await rig.time.pass(DAY);
    expect(rig.revoked).toEqual([stored.id]);
    rig.access.close();
    await rig.time.pass(DAY);
    expect(rig.revoked).toEqual([stored.id]);
  });

  it('one that changes settings is an admin’s', async () => {
    const rig = openRig();
    const { token } = rig.access.tokens.create('home', ['metrics:read', 'write'], 1);
    expect(await whoSends(rig, `Bearer ${token}`)).toMatchObject({ role: 'admin', scopes: ['metrics:read', 'write'] });
  });

  it('wrong ones are nobody, and no cookie makes them good', async () => {
    const rig = openRig();
    const { token, stored } = rig.access.tokens.create('a', ['metrics:read'], 1);
    const secret = token.split('.')[2] ?? '';
    for (const wrong of ['', 'Bearer', 'Bearer ', token, `Basic ${token}`, `Bearer tw.${stored.id}.${'x'.repeat(43)}`, `Bearer tw.t${'0'.repeat(16)}.${secret}`, `Bearer ${token} x`, `Bearer ${token}x`, `Bearer ${'x'.repeat(100_000)}`]) {
      expect(await whoSends(rig, wrong, { '__Host-traywatch': token })).toBeNull();
    }
  });

  it('are gone once removed', async () => {
    const rig = openRig();
    const { token, stored } = rig.access.tokens.create('a', ['metrics:read'], 1);
    expect(rig.access.tokens.remove(stored.id)).toEqual(stored);
    expect(await whoSends(rig, `Bearer ${token}`)).toBeNull();
    expect(rig.access.tokens.remove(stored.id)).toBeNull();
    expect(rig.again().access.summary().tokens).toEqual([]);
  });

  it('a cookie of plain HTTP is nothing over TLS, and the other way round', async () => {
    let secure = true;
    const rig = openRig({ parts: { isSecure: () => secure } });
    const { id, tokens } = rig.access.devices.add({ name: 'x', role: 'viewer', address: '10.0.0.9', account: null });
    const who = (name: string) => rig.access.authenticate({ cookies: { [name]: tokens.access }, authorization: undefined, address: '10.0.0.9' });
    expect(await who('__Host-traywatch')).toMatchObject({ id });
    expect(await who('traywatch')).toBeNull();
    secure = false;
    expect(await who('__Host-traywatch')).toBeNull();
    expect(await who('traywatch')).toMatchObject({ id });
  });
});

describe('limits', () => {
  const options = { perKey: { burst: 3, every: 1000 }, overall: { burst: 10, every: 100 } };

  it('let a burst through, then one at a time as it refills', async () => {
    const time = new FakeTime();
    const limiter = createRateLimiter({ clock: time, ...options });
    expect([1, 2, 3, 4, 5].map(() => limiter.take('a'))).toEqual([0, 0, 0, 1000, 1000]);
    expect(limiter.take('b')).toBe(0);
    await time.pass(999);
    expect(limiter.take('a')).toBe(1);
    await time.pass(1);
    expect([limiter.take('a'), limiter.take('a')]).toEqual([0, 1000]);
    limiter.reset('a');
    expect(limiter.take('a')).toBe(0);
  });

  it('never let more through than the allowances come to, whatever the keys', async () => {
    const tries = fc.array(fc.record({ key: fc.nat(30), pause: fc.nat(200) }), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(tries, async (all) => {
        const time = new FakeTime();
        const limiter = createRateLimiter({ clock: time, ...options, maxKeys: 5 });
        const start = time.boot();
        let passed = 0;
        for (const { key, pause } of all) {
          if (limiter.take(String(key)) === 0) passed += 1;
          await time.pass(pause);
        }
        expect(passed).toBeLessThanOrEqual(10 + (time.boot() - start) / 100);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['192.168.1.2', '192.168.1.2'],
    ['::ffff:192.168.1.2', '192.168.1.2'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1::/64'],
    ['2001:0DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5::', '2001:db8:1:2::/64'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
  ])('count %s as %s', (address, key) => {
    expect(networkOf(address)).toBe(key);
  });
});

describe('digits of a code', () => {
  it('are all equally likely', () => {
    const random = repeatableRandom(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 3000; n += 1) for (const digit of newDigits(6, random)) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
    // 1800 of each are expected, with a standard deviation of 40.
    for (const count of counts) expect(Math.abs(count - 1800)).toBeLessThan(200);
  });

  it('bytes that would favour the low ones are thrown away', () => {
    const bytes = [250, 255, 251, 254, 253, 252, 9, 19, 29, 39, 49, 59];
    const random = (count: number): Buffer => Buffer.from(bytes.splice(0, count));
    expect(newDigits(6, random)).toBe('999999');
  });
});
