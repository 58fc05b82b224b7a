/** Wrong guesses: one machine cannot end a code, whatever addresses it has; and a request that is approved at once is recorded. */
import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_LENGTHS, MAX_CODE_ATTEMPTS_PER_ADDRESS } from '../../../src/main/access/pairing-code';
import { eventTypesOf, openAccess } from '../../support/access';

/** The addresses one machine may have: both loopback ones, IPv4, and IPv6 of a provider, private and link-local networks, as many as it makes up. */
const ONE_MACHINE = ['127.0.0.1', '::1', '192.168.1.66', '::ffff:192.168.1.66', '2001:db8:1:2::66', '2001:db8:1:2::67', 'fd00:1:2:3::66', 'fe80::66%eth0', ...Array.from({ length: 40 }, (_, n) => `fd00:1:2:${(n + 16).toString(16)}::66`)];
const wrongOf = (code: string, n: number): string => String((Number(code) + 1 + n) % 10 ** code.length).padStart(code.length, '0');

describe.each(['short', 'long'] as const)('a %s code', (length) => {
  it('is still good for another after one machine has guessed from all of its addresses', () => {
    const { access: { pairing } } = openAccess();
    const { code } = pairing.createCode(length);
    expect(code).toMatch(length === 'short' ? /^\d{6}$/ : /^\d{8}$/);
    for (const address of ONE_MACHINE) for (let n = 0; n < 10; n += 1) pairing.redeem({ code: wrongOf(code, n) }, '', address);
    expect(pairing.redeem({ code }, 'Phone', '192.168.1.20').kind).toBe('pending');
  });

  it('whatever the order of addresses, no network gets more than its tries, and all together no more than the code bears', () => {
    assert(
      property(array(constantFrom(...ONE_MACHINE, '10.0.0.1', '10.0.0.2'), { maxLength: 80 }), (addresses) => {
        const { access: { pairing } } = openAccess();
        const { code, triesLeft } = pairing.createCode(length);
        expect(triesLeft).toBe(CODE_LENGTHS[length].attempts);
        addresses.forEach((address, n) => pairing.redeem({ code: wrongOf(code, n) }, '', address));
        const used = triesLeft - (pairing.activeCode()?.triesLeft ?? 0);
        // Loopback, IPv4, all of IPv6, and two other machines.
        expect(used).toBeLessThanOrEqual(4 * MAX_CODE_ATTEMPTS_PER_ADDRESS + CODE_LENGTHS[length].attempts / 2);
      }),
      { numRuns: 30 },
    );
  });

  it('that is used up says so to whoever watches, and a new one is good again', () => {
    const { access } = openAccess();
    const { code } = access.pairing.createCode(length);
    let toldAt: number | null = null;
    access.onChange(() => (toldAt = access.pairing.activeCode()?.triesLeft ?? null));
    for (let n = 0; n < CODE_LENGTHS[length].attempts; n += 1) access.pairing.redeem({ code: wrongOf(code, n) }, '', `10.0.${n}.1`);
    expect(toldAt).toBe(0);
    expect(access.pairing.redeem({ code }, '', '192.168.1.20').kind).toBe('wrong');
    expect(access.pairing.redeem({ code: access.pairing.createCode(length).code }, '', '10.0.0.1').kind).toBe('pending');
  });
});

describe('a request that is decided while it is announced', () => {
  it.each(['viewer', 'denied'] as const)('and is %s is in the timeline, before its decision', (decision) => {
    const harness = openAccess();
    const { access } = harness;
    // As without a display: whoever has the code is let in at once.
    access.onChange(() => access.summary().requests.forEach(({ id }) => access.pairing.decide(id, decision)));
    const { code } = access.pairing.createCode('long');
    expect(access.pairing.redeem({ code }, 'Phone', '192.168.1.20').kind).toBe('pending');
    expect(eventTypesOf(harness)).toEqual(['lan_pairing_started', 'lan_pairing_requested', decision === 'denied' ? 'lan_pairing_denied' : 'lan_pairing_approved']);
    expect(harness.events[1]).toMatchObject({ user: 'Phone', message: '“Phone” (192.168.1.20) requests access' });
  });
});

describe('what one client may hold while it pairs', () => {
  it('attempts of a network are limited, and a flood from IPv6 does not keep IPv4 waiting', () => {
    const { access: { pairing } } = openAccess();
    const { code } = pairing.createCode('long');
    const own = Array.from({ length: 30 }, () => pairing.redeem({ secret: 'x'.repeat(43) }, '', '10.0.0.9'));
    expect(own.slice(0, 10).map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'wrong'));
    expect(own.slice(10)).toEqual(Array.from({ length: 20 }, () => ({ kind: 'wait', ms: expect.any(Number) as number })));
    for (let n = 0; n < 3000; n += 1) pairing.redeem({ code: wrongOf(code, n) }, '', `fd00:1:${n.toString(16)}:1::1`);
    expect(pairing.redeem({ code }, 'Phone', '192.168.1.20').kind).toBe('pending');
  });

  it('access requests are limited: the ninth has to wait', () => {
    const { access: { pairing } } = openAccess();
    const kinds = Array.from({ length: 9 }, (_, n) => pairing.redeem({ code: pairing.createCode().code }, `Browser ${n}`, `10.0.0.${n}`).kind);
    expect(kinds).toEqual([...Array.from({ length: 8 }, () => 'pending'), 'wait']);
  });
});
