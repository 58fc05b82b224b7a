import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_LIFETIME, MAX_CODE_ATTEMPTS, MAX_CODE_ATTEMPTS_PER_ADDRESS } from '../../../src/main/access/pairing-code';
import { DECISION_LIFETIME, REQUEST_LIFETIME } from '../../../src/main/access/pairing-requests';
import { settle } from '../../support/collectors';
import { admitDevice, openRig, typesOf, whoIs } from '../../support/access';

const HOME = '192.168.1.20';
/** A code that is not the one given. */
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('pairing', () => {
  it('lets a browser in once the desktop has agreed, and only then', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const { code, secret } = pairing.createCode();
    expect(code).toMatch(/^\d{6}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const asked = pairing.redeem({ code }, 'Phone', HOME);
    if (asked.kind !== 'pending') throw new Error(asked.kind);
    const { id, ticket } = asked.ticket;
    expect(pairing.activeCode()).toBeNull();
    expect(rig.access.summary().requests).toMatchObject([{ id, name: 'Phone', address: HOME, via: 'code' }]);
    expect(rig.access.claim(id, ticket, HOME)).toBeNull();
    expect(pairing.requests.state(id, 'x'.repeat(43))).toBeNull();
    pairing.decide(id, 'admin');
    expect(rig.access.claim(id, 'x'.repeat(43), HOME)).toBeNull();
    const came = rig.access.claim(id, ticket, HOME);
    if (came?.kind !== 'ok') throw new Error('not in');
    expect(await whoIs(rig, came.tokens.access)).toEqual({ id: came.identity.id, name: 'Phone', role: 'admin', scopes: null });
    expect(typesOf(rig)).toEqual(['lan_pairing_started', 'lan_pairing_requested', 'lan_pairing_approved']);
  });

  it('the link of the QR code does the same', () => {
    const { access } = openRig();
    const { secret } = access.pairing.createCode();
    expect(access.pairing.redeem({ secret: `${secret.slice(1)}x` }, 'Tablet', HOME)).toEqual({ kind: 'wrong' });
    expect(access.pairing.redeem({ secret }, 'Tablet', HOME)).toMatchObject({ kind: 'pending' });
    expect(access.summary().requests).toMatchObject([{ via: 'qr' }]);
  });

  it('a code is good once, for five minutes, and a new one ends it', async () => {
    const { access: { pairing }, time } = openRig();
    const first = pairing.createCode();
    const second = pairing.createCode();
    expect(pairing.redeem({ code: first.code }, '', HOME).kind).toBe(first.code === second.code ? 'pending' : 'wrong');
    expect(pairing.redeem({ code: second.code }, '', HOME).kind).toBe('pending');
    expect(pairing.redeem({ code: second.code }, '', HOME).kind).toBe('wrong');
    const { code, secret } = pairing.createCode();
    await time.pass(CODE_LIFETIME);
    expect(pairing.activeCode()).toBeNull();
    expect(pairing.redeem({ code }, '', HOME).kind).toBe('wrong');
    expect(pairing.redeem({ secret }, '', HOME).kind).toBe('wrong');
    const asleep = pairing.createCode();
    time.sleep(CODE_LIFETIME);
    expect(pairing.redeem({ code: asleep.code }, '', HOME).kind).toBe('wrong');
    const cancelled = pairing.createCode();
    pairing.cancelCode();
    expect(pairing.redeem({ code: cancelled.code }, '', HOME).kind).toBe('wrong');
  });

  it('a clock put back does not make a code live longer', async () => {
    const { access: { pairing }, time } = openRig();
    const { code } = pairing.createCode();
    time.wall -= 86_400_000;
    await time.pass(CODE_LIFETIME);
    expect(pairing.redeem({ code }, '', HOME).kind).toBe('wrong');
  });

  it('five wrong codes from anywhere and it is dead, though the link still works', () => {
    const { access: { pairing } } = openRig();
    const { code, secret } = pairing.createCode();
    for (let n = 1; n <= MAX_CODE_ATTEMPTS; n += 1) {
      expect(pairing.redeem({ code: other(code) }, '', `10.0.0.${n}`).kind).toBe('wrong');
      expect(pairing.activeCode()?.triesLeft).toBe(MAX_CODE_ATTEMPTS - n);
    }
    expect(pairing.redeem({ code }, '', HOME).kind).toBe('wrong');
    expect(pairing.redeem({ secret }, '', HOME).kind).toBe('pending');
  });

  it('one address cannot spend the whole code: whoever it was made for still gets in', () => {
    const { access: { pairing } } = openRig();
    const { code } = pairing.createCode();
    const kinds = Array.from({ length: 30 }, () => pairing.redeem({ code: other(code) }, '', '10.0.0.66').kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(MAX_CODE_ATTEMPTS_PER_ADDRESS);
    expect(pairing.redeem({ code }, '', '10.0.0.66').kind).toBe('wait');
    expect(pairing.redeem({ code }, 'Phone', HOME).kind).toBe('pending');
  });

  it('an IPv6 machine is one address, however many it has', () => {
    const { access: { pairing } } = openRig();
    const { code } = pairing.createCode();
    const kinds = Array.from({ length: 10 }, (_, n) => pairing.redeem({ code: other(code) }, '', `2001:db8:1:2::${n + 1}`).kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(MAX_CODE_ATTEMPTS_PER_ADDRESS);
    expect(pairing.redeem({ code }, '', '2001:db8:1:3::1').kind).toBe('pending');
  });

  it('whatever the order of attempts, no wrong code gets in and no more than five are looked at', () => {
    const attempts = fc.array(fc.record({ guess: fc.integer({ min: 0, max: 999_999 }), host: fc.integer({ min: 1, max: 12 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(attempts, (tries) => {
        const { access: { pairing } } = openRig();
        const { code } = pairing.createCode();
        const wrong = tries.filter(({ guess }) => String(guess).padStart(6, '0') !== code);
        const kinds = wrong.map(({ guess, host }) => pairing.redeem({ code: String(guess).padStart(6, '0') }, '', `10.0.0.${host}`).kind);
        expect(kinds).not.toContain('pending');
        expect(pairing.activeCode()?.triesLeft).toBeGreaterThanOrEqual(0);
        expect(pairing.requests.pending()).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('a request that nobody answers lapses, and so does an answer that nobody fetches', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const ask = () => {
      const came = pairing.redeem({ secret: pairing.createCode().secret }, 'Phone', HOME);
      if (came.kind !== 'pending') throw new Error(came.kind);
      return came.ticket;
    };
    const lapsed = ask();
    await time(rig, REQUEST_LIFETIME);
    expect(pairing.decide(lapsed.id, 'admin')).toBeNull();
    expect(pairing.requests.state(lapsed.id, lapsed.ticket)).toBeNull();
    const asleep = ask();
    rig.time.sleep(REQUEST_LIFETIME);
    expect(pairing.decide(asleep.id, 'admin')).toBeNull();
    expect(rig.access.summary().requests).toEqual([]);
    const approved = ask();
    pairing.decide(approved.id, 'viewer');
    await time(rig, DECISION_LIFETIME);
    expect(rig.access.claim(approved.id, approved.ticket, HOME)).toBeNull();
    expect(rig.access.summary().devices).toEqual([]);
  });

  it('a denied request stays denied', () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const came = pairing.redeem({ secret: pairing.createCode().secret }, 'Phone', HOME);
    if (came.kind !== 'pending') throw new Error(came.kind);
    const { id, ticket } = came.ticket;
    expect(pairing.decide(id, 'denied')).toMatchObject({ name: 'Phone' });
    expect(pairing.decide(id, 'admin')).toBeNull();
    expect(pairing.requests.state(id, ticket)).toBe('denied');
    expect(rig.access.claim(id, ticket, HOME)).toBeNull();
    expect(typesOf(rig).at(-1)).toBe('lan_pairing_denied');
  });

  it('an answer lost on the way is given again, and makes no second device', async () => {
    const rig = openRig();
    const { request, tokens, identity } = admitDevice(rig);
    const again = rig.access.claim(request.id, request.ticket, HOME);
    if (again?.kind !== 'ok') throw new Error('not in');
    expect(again.identity.id).toBe(identity.id);
    expect(rig.access.summary().devices).toHaveLength(1);
    expect(await whoIs(rig, tokens.access)).toBeNull();
    expect(await whoIs(rig, again.tokens.access)).not.toBeNull();
    rig.access.revoke(() => true, 'taken away');
    expect(rig.access.claim(request.id, request.ticket, HOME)).toEqual({ kind: 'wrong' });
  });

  it('who waits is told at once, one at a time, and never longer than asked for', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const came = pairing.redeem({ secret: pairing.createCode().secret }, 'Phone', HOME);
    if (came.kind !== 'pending') throw new Error(came.kind);
    const { id, ticket } = came.ticket;
    const states: unknown[] = [];
    const wait = (): void => void pairing.requests.wait(id, ticket, 20_000).then((state) => states.push(state));
    wait();
    wait();
    await settle();
    expect(states).toEqual(['pending']);
    await time(rig, 20_000);
    expect(states).toEqual(['pending', 'pending']);
    wait();
    pairing.decide(id, 'viewer');
    await settle();
    expect(states).toEqual(['pending', 'pending', 'approved']);
    expect(await pairing.requests.wait(id, 'wrong', 20_000)).toBeNull();
  });

  it.each([
    ['plain', 'Anna’s phone', 'Anna’s phone'],
    ['turned around', 'phone\u202Egnp.exe', 'phone gnp.exe'],
    ['two lines', 'phone\r\nX-Evil: 1', 'phone X-Evil: 1'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['nothing visible', '\u200B\u2800\u0000 \u3164', 'Unnamed browser'],
    ['endless', 'x'.repeat(5000), 'x'.repeat(60)],
  ])('a name is one line of visible text: %s', (_what, given, shown) => {
    const { access: { pairing } } = openRig();
    pairing.redeem({ secret: pairing.createCode().secret }, given, HOME);
    expect(pairing.requests.pending()).toMatchObject([{ name: shown }]);
  });

  it('a thousand wrong codes are a few events, not a thousand', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    for (let n = 0; n < 1000; n += 1) {
      if (pairing.activeCode() === null) pairing.createCode();
      pairing.redeem({ code: other(pairing.activeCode()?.code ?? '') }, '', '10.0.0.66');
      await rig.time.pass(500);
    }
    const failed = rig.events.filter(({ type }) => type === 'lan_pairing_failed');
    expect(failed.length).toBeLessThan(5);
    rig.access.close();
    const told = rig.events.filter(({ type }) => type === 'lan_pairing_failed').reduce((sum, { details }) => sum + Number(details?.['count']), 0);
    expect(told).toBe(1000);
    expect(rig.access.summary().devices).toEqual([]);
  });
});

const time = (rig: ReturnType<typeof openRig>, ms: number): Promise<void> => rig.time.pass(ms);
