/** Pairing: codes, attempts, access requests and decisions. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_LIFETIME, MAX_CODE_ATTEMPTS, MAX_CODE_ATTEMPTS_PER_ADDRESS } from '../../../src/main/access/pairing-code';
import { DECISION_LIFETIME, REQUEST_LIFETIME } from '../../../src/main/access/pairing-requests';
import { settle } from '../../support/collectors';
import { pairDevice, openAccess, eventTypesOf, identify } from '../../support/access';

const HOME = '192.168.1.20';
/** A code that is not the one given. */
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('pairing', () => {
  it('gives a browser access once its request is approved, and not before', async () => {
    const harness = openAccess();
    const { pairing } = harness.access;
    const { code, secret } = pairing.createCode();
    expect(code).toMatch(/^\d{6}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const asked = pairing.redeem({ code }, 'Phone', HOME);
    if (asked.kind !== 'pending') throw new Error(asked.kind);
    const { id, ticket } = asked.ticket;
    expect(pairing.activeCode()).toBeNull();
    expect(harness.access.summary().requests).toMatchObject([{ id, name: 'Phone', address: HOME, via: 'code' }]);
    expect(harness.access.claim(id, ticket, HOME)).toBeNull();
    expect(pairing.requests.state(id, 'x'.repeat(43))).toBeNull();
    pairing.decide(id, 'admin');
    expect(harness.access.claim(id, 'x'.repeat(43), HOME)).toBeNull();
    const result = harness.access.claim(id, ticket, HOME);
    if (result?.kind !== 'ok') throw new Error('not claimed');
    expect(await identify(harness, result.tokens.access)).toEqual({ id: result.identity.id, name: 'Phone', role: 'admin', scopes: null });
    expect(eventTypesOf(harness)).toEqual(['lan_pairing_started', 'lan_pairing_requested', 'lan_pairing_approved']);
  });

  it('accepts the link of the QR code in place of the digits', () => {
    const { access } = openAccess();
    const { secret } = access.pairing.createCode();
    expect(access.pairing.redeem({ secret: `${secret.slice(1)}x` }, 'Tablet', HOME)).toEqual({ kind: 'wrong' });
    expect(access.pairing.redeem({ secret }, 'Tablet', HOME)).toMatchObject({ kind: 'pending' });
    expect(access.summary().requests).toMatchObject([{ via: 'qr' }]);
  });

  it('a code is valid once, for five minutes, and until the next one is created', async () => {
    const { access: { pairing }, time } = openAccess();
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

  it('a clock set back does not extend a code', async () => {
    const { access: { pairing }, time } = openAccess();
    const { code } = pairing.createCode();
    time.wall -= 86_400_000;
    await time.pass(CODE_LIFETIME);
    expect(pairing.redeem({ code }, '', HOME).kind).toBe('wrong');
  });

  it('after eighteen wrong codes the digits are refused, and the link still works', () => {
    const { access: { pairing } } = openAccess();
    const { code, secret } = pairing.createCode();
    for (let n = 1; n <= MAX_CODE_ATTEMPTS; n += 1) {
      expect(pairing.redeem({ code: other(code) }, '', `10.0.0.${n}`).kind).toBe('wrong');
      expect(pairing.activeCode()?.triesLeft).toBe(MAX_CODE_ATTEMPTS - n);
    }
    expect(pairing.redeem({ code }, '', HOME).kind).toBe('wrong');
    expect(pairing.redeem({ secret }, '', HOME).kind).toBe('pending');
  });

  it('one address cannot use up all attempts: another one still redeems the code', () => {
    const { access: { pairing } } = openAccess();
    const { code } = pairing.createCode();
    const kinds = Array.from({ length: 30 }, () => pairing.redeem({ code: other(code) }, '', '10.0.0.66').kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(MAX_CODE_ATTEMPTS_PER_ADDRESS);
    expect(pairing.redeem({ code }, '', '10.0.0.66').kind).toBe('wait');
    expect(pairing.redeem({ code }, 'Phone', HOME).kind).toBe('pending');
  });

  it('all addresses of an IPv6 /64 network count as one', () => {
    const { access: { pairing } } = openAccess();
    const { code } = pairing.createCode();
    const kinds = Array.from({ length: 10 }, (_, n) => pairing.redeem({ code: other(code) }, '', `2001:db8:1:2::${n + 1}`).kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(MAX_CODE_ATTEMPTS_PER_ADDRESS);
    expect(pairing.redeem({ code }, '', '2001:db8:1:3::1').kind).toBe('pending');
  });

  it('whatever the order of attempts, no wrong code is accepted and no more than eighteen are compared', () => {
    const attempts = fc.array(fc.record({ guess: fc.integer({ min: 0, max: 999_999 }), host: fc.integer({ min: 1, max: 12 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(attempts, (tries) => {
        const { access: { pairing } } = openAccess();
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

  it('a request without a decision expires, and so does a decision that is not fetched', async () => {
    const harness = openAccess();
    const { pairing } = harness.access;
    const ask = () => {
      const result = pairing.redeem({ secret: pairing.createCode().secret }, 'Phone', HOME);
      if (result.kind !== 'pending') throw new Error(result.kind);
      return result.ticket;
    };
    const lapsed = ask();
    await time(harness, REQUEST_LIFETIME);
    expect(pairing.decide(lapsed.id, 'admin')).toBeNull();
    expect(pairing.requests.state(lapsed.id, lapsed.ticket)).toBeNull();
    const asleep = ask();
    harness.time.sleep(REQUEST_LIFETIME);
    expect(pairing.decide(asleep.id, 'admin')).toBeNull();
    expect(harness.access.summary().requests).toEqual([]);
    const approved = ask();
    pairing.decide(approved.id, 'viewer');
    await time(harness, DECISION_LIFETIME);
    expect(harness.access.claim(approved.id, approved.ticket, HOME)).toBeNull();
    expect(harness.access.summary().devices).toEqual([]);
  });

  it('a denied request stays denied', () => {
    const harness = openAccess();
    const { pairing } = harness.access;
    const result = pairing.redeem({ secret: pairing.createCode().secret }, 'Phone', HOME);
    if (result.kind !== 'pending') throw new Error(result.kind);
    const { id, ticket } = result.ticket;
    expect(pairing.decide(id, 'denied')).toMatchObject({ name: 'Phone' });
    expect(pairing.decide(id, 'admin')).toBeNull();
    expect(pairing.requests.state(id, ticket)).toBe('denied');
    expect(harness.access.claim(id, ticket, HOME)).toBeNull();
    expect(eventTypesOf(harness).at(-1)).toBe('lan_pairing_denied');
  });

  it('a lost response can be fetched again and creates no second device', async () => {
    const harness = openAccess();
    const { request, tokens, identity } = pairDevice(harness);
    const restart = harness.access.claim(request.id, request.ticket, HOME);
    if (restart?.kind !== 'ok') throw new Error('not claimed');
    expect(restart.identity.id).toBe(identity.id);
    expect(harness.access.summary().devices).toHaveLength(1);
    expect(await identify(harness, tokens.access)).toBeNull();
    expect(await identify(harness, restart.tokens.access)).not.toBeNull();
    harness.access.revoke(() => true, 'taken away');
    expect(harness.access.claim(request.id, request.ticket, HOME)).toEqual({ kind: 'wrong' });
  });

  it('a wait ends at the decision, at a newer wait, or after the requested time', async () => {
    const harness = openAccess();
    const { pairing } = harness.access;
    const result = pairing.redeem({ secret: pairing.createCode().secret }, 'Phone', HOME);
    if (result.kind !== 'pending') throw new Error(result.kind);
    const { id, ticket } = result.ticket;
    const states: unknown[] = [];
    const wait = (): void => void pairing.requests.wait(id, ticket, 20_000).then((state) => states.push(state));
    wait();
    wait();
    await settle();
    expect(states).toEqual(['pending']);
    await time(harness, 20_000);
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
    const { access: { pairing } } = openAccess();
    pairing.redeem({ secret: pairing.createCode().secret }, given, HOME);
    expect(pairing.requests.pending()).toMatchObject([{ name: shown }]);
  });

  it('a thousand wrong codes are recorded as a few events', async () => {
    const harness = openAccess();
    const { pairing } = harness.access;
    for (let n = 0; n < 1000; n += 1) {
      if (pairing.activeCode() === null) pairing.createCode();
      pairing.redeem({ code: other(pairing.activeCode()?.code ?? '') }, '', '10.0.0.66');
      await harness.time.pass(500);
    }
    const failed = harness.events.filter(({ type }) => type === 'lan_pairing_failed');
    expect(failed.length).toBeLessThan(5);
    harness.access.close();
    const counted = harness.events.filter(({ type }) => type === 'lan_pairing_failed').reduce((sum, { details }) => sum + Number(details?.['count']), 0);
    expect(counted).toBe(1000);
    expect(harness.access.summary().devices).toEqual([]);
  });
});

const time = (harness: ReturnType<typeof openAccess>, ms: number): Promise<void> => harness.time.pass(ms);
