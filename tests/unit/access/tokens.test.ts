/** API tokens, the rate limiter, and the digits of pairing codes. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/main/access/addresses';
import { tokenExpiry } from '../../../src/main/access/expiry';
import { createRateLimiter } from '../../../src/main/access/rate-limiter';
import { newDigits } from '../../../src/main/access/secrets';
import { CLOCK_FLOOR } from '../../../src/main/engine/clock-trust';
import { FakeTime } from '../../support/collectors';
import { openAccess, repeatableRandom } from '../../support/access';
import type { AccessHarness } from '../../support/access';

const DAY = 86_400_000;
const identityOf = (harness: AccessHarness, authorization: string, cookies = {}) => harness.access.authenticate({ cookies, authorization, address: '10.0.0.9' });

describe('API tokens', () => {
  it('have their scopes until they expire', async () => {
    const harness = openAccess();
    const { token, stored } = harness.access.tokens.create('prometheus', ['metrics:read', 'metrics:read'], 30);
    expect(await identityOf(harness, `Bearer ${token}`)).toEqual({ id: stored.id, name: 'prometheus', role: 'viewer', scopes: ['metrics:read'] });
    expect(await identityOf(harness, `bearer ${token}`)).not.toBeNull();
    expect(harness.access.summary().tokens).toMatchObject([{ label: 'prometheus', lastUsed: harness.time.wall }]);
    harness.time.sleep(30 * DAY - 1);
    expect(await identityOf(harness, `Bearer ${token}`)).not.toBeNull();
    harness.time.sleep(1);
    expect(await identityOf(harness, `Bearer ${token}`)).toBeNull();
  });

  it.each([
    ['in 1970', 60_000],
    ['ten years ahead', Date.UTC(2036, 10, 1)],
  ])('created while the clock was %s live for as long as they were meant to, over restarts, once it is right', async (_clock, wall) => {
    let harness = openAccess();
    const right = harness.time.wall;
    harness.time.wall = wall;
    const { token } = harness.access.tokens.create('script', ['metrics:read'], 3);
    harness.time.wall = right;
    expect(await identityOf(harness, `Bearer ${token}`)).not.toBeNull();
    expect(harness.access.summary().tokens.map(({ expiresAt }) => expiresAt - right)).toEqual([3 * DAY]);
    harness.time.sleep(2 * DAY);
    harness.access.close();
    harness = harness.restart();
    expect(await identityOf(harness, `Bearer ${token}`)).not.toBeNull();
    harness.time.sleep(DAY + 1);
    expect(await identityOf(harness, `Bearer ${token}`)).toBeNull();
  });

  it('whatever the clock does, none is accepted after its days of running time, nor at a time after its date', () => {
    const clock = fc.integer({ min: 0, max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(clock, clock, fc.integer({ min: 1, max: 365 }), fc.integer({ min: 0, max: 400 * DAY }), (created, now, days, ran) => {
        const token = { createdAt: created, createdRun: 5000, expiresAt: created + days * DAY };
        const isDateOver = created >= CLOCK_FLOOR && now >= token.expiresAt;
        return now < tokenExpiry(token, now, 5000 + ran) === (ran < days * DAY && !isDateOver);
      }),
    );
    expect(tokenExpiry({ createdAt: 5, expiresAt: 9 }, 1, 1e9)).toBe(9);
  });

  it('are reported when they expire, so that their streams end', async () => {
    const harness = openAccess();
    const { stored } = harness.access.tokens.create('short', ['metrics:read'], 1);
    harness.access.tokens.create('long', ['metrics:read'], 2);
    await harness.time.pass(DAY);
    expect(harness.revoked).toEqual([stored.id]);
    harness.access.close();
    await harness.time.pass(DAY);
    expect(harness.revoked).toEqual([stored.id]);
  });

  it('with the scope write have the role admin', async () => {
    const harness = openAccess();
    const { token } = harness.access.tokens.create('home', ['metrics:read', 'write'], 1);
    expect(await identityOf(harness, `Bearer ${token}`)).toMatchObject({ role: 'admin', scopes: ['metrics:read', 'write'] });
  });

  it('that are invalid identify nobody, even with a valid cookie', async () => {
    const harness = openAccess();
    const { token, stored } = harness.access.tokens.create('a', ['metrics:read'], 1);
    const secret = token.split('.')[2] ?? '';
    for (const wrong of ['', 'Bearer', 'Bearer ', token, `Basic ${token}`, `Bearer tw.${stored.id}.${'x'.repeat(43)}`, `Bearer tw.t${'0'.repeat(16)}.${secret}`, `Bearer ${token} x`, `Bearer ${token}x`, `Bearer ${'x'.repeat(100_000)}`]) {
      expect(await identityOf(harness, wrong, { '__Host-traywatch': token })).toBeNull();
    }
  });

  it('are invalid once removed', async () => {
    const harness = openAccess();
    const { token, stored } = harness.access.tokens.create('a', ['metrics:read'], 1);
    expect(harness.access.tokens.remove(stored.id)).toEqual(stored);
    expect(await identityOf(harness, `Bearer ${token}`)).toBeNull();
    expect(harness.access.tokens.remove(stored.id)).toBeNull();
    expect(harness.restart().access.summary().tokens).toEqual([]);
  });

  it('a cookie set over plain HTTP is ignored over TLS, and the other way round', async () => {
    let secure = true;
    const harness = openAccess({ parts: { isSecure: () => secure } });
    const { id, tokens } = harness.access.devices.add({ name: 'x', role: 'viewer', address: '10.0.0.9', account: null });
    const who = (name: string) => harness.access.authenticate({ cookies: { [name]: tokens.access }, authorization: undefined, address: '10.0.0.9' });
    expect(await who('__Host-traywatch')).toMatchObject({ id });
    expect(await who('traywatch')).toBeNull();
    secure = false;
    expect(await who('__Host-traywatch')).toBeNull();
    expect(await who('traywatch')).toMatchObject({ id });
  });
});

describe('rate limiter', () => {
  const options = { perKey: { burst: 3, every: 1000 }, overall: { burst: 10, every: 100 } };

  it('allows a burst, then one attempt at a time as it refills', async () => {
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

  it('never allows more than the allowances, whatever the keys', async () => {
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
  ])('counts the address %s as %s', (address, key) => {
    expect(networkOf(address)).toBe(key);
  });
});

describe('digits of a pairing code', () => {
  it('are uniformly distributed', () => {
    const random = repeatableRandom(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 3000; n += 1) for (const digit of newDigits(6, random)) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
    // 1800 of each are expected, with a standard deviation of 40.
    for (const count of counts) expect(Math.abs(count - 1800)).toBeLessThan(200);
  });

  it('are not taken from bytes that would favor the low ones', () => {
    const bytes = [250, 255, 251, 254, 253, 252, 9, 19, 29, 39, 49, 59];
    const random = (count: number): Buffer => Buffer.from(bytes.splice(0, count));
    expect(newDigits(6, random)).toBe('999999');
  });
});
