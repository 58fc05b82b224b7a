import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_LIFE, CODE_TRIES, TRIES_PER_ADDRESS } from '../../../src/main/access/pairing-code';
import { ANSWER_LIFE, REQUEST_LIFE } from '../../../src/main/access/pairing-requests';
import { settle } from '../../support/collectors';
import { admitDevice, openRig, typesOf, whoIs } from '../../support/access';

const HOME = '192.168.1.20';
/** A code that is not the one given. */
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('pairing', () => {
  it('lets a browser in once the desktop has agreed, and only then', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const { code, secret } = pairing.start();
    expect(code).toMatch(/^\d{6}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const asked = pairing.attempt({ code }, 'Phone', HOME);
    if (asked.kind !== 'pending') throw new Error(asked.kind);
    const { id, ticket } = asked.ticket;
    expect(pairing.offer()).toBeNull();
    expect(rig.access.view().requests).toMatchObject([{ id, name: 'Phone', address: HOME, via: 'code' }]);
    expect(rig.access.claim(id, ticket, HOME)).toBeNull();
    expect(pairing.requests.state(id, 'x'.repeat(43))).toBeNull();
    pairing.answer(id, 'admin');
    expect(rig.access.claim(id, 'x'.repeat(43), HOME)).toBeNull();
    const came = rig.access.claim(id, ticket, HOME);
    if (came?.kind !== 'ok') throw new Error('not in');
    expect(await whoIs(rig, came.tokens.access)).toEqual({ id: came.identity.id, name: 'Phone', role: 'admin', scopes: null });
    expect(typesOf(rig)).toEqual(['lan_pairing_started', 'lan_pairing_requested', 'lan_pairing_approved']);
  });

  it('the link of the QR code does the same', () => {
    const { access } = openRig();
    const { secret } = access.pairing.start();
    expect(access.pairing.attempt({ secret: `${secret.slice(1)}x` }, 'Tablet', HOME)).toEqual({ kind: 'wrong' });
    expect(access.pairing.attempt({ secret }, 'Tablet', HOME)).toMatchObject({ kind: 'pending' });
    expect(access.view().requests).toMatchObject([{ via: 'qr' }]);
  });

  it('a code is good once, for five minutes, and a new one ends it', async () => {
    const { access: { pairing }, time } = openRig();
    const first = pairing.start();
    const second = pairing.start();
    expect(pairing.attempt({ code: first.code }, '', HOME).kind).toBe(first.code === second.code ? 'pending' : 'wrong');
    expect(pairing.attempt({ code: second.code }, '', HOME).kind).toBe('pending');
    expect(pairing.attempt({ code: second.code }, '', HOME).kind).toBe('wrong');
    const { code, secret } = pairing.start();
    await time.pass(CODE_LIFE);
    expect(pairing.offer()).toBeNull();
    expect(pairing.attempt({ code }, '', HOME).kind).toBe('wrong');
    expect(pairing.attempt({ secret }, '', HOME).kind).toBe('wrong');
    const asleep = pairing.start();
    time.sleep(CODE_LIFE);
    expect(pairing.attempt({ code: asleep.code }, '', HOME).kind).toBe('wrong');
    const cancelled = pairing.start();
    pairing.cancel();
    expect(pairing.attempt({ code: cancelled.code }, '', HOME).kind).toBe('wrong');
  });

  it('a clock put back does not make a code live longer', async () => {
    const { access: { pairing }, time } = openRig();
    const { code } = pairing.start();
    time.wall -= 86_400_000;
    await time.pass(CODE_LIFE);
    expect(pairing.attempt({ code }, '', HOME).kind).toBe('wrong');
  });

  it('five wrong codes from anywhere and it is dead, though the link still works', () => {
    const { access: { pairing } } = openRig();
    const { code, secret } = pairing.start();
    for (let n = 1; n <= CODE_TRIES; n += 1) {
      expect(pairing.attempt({ code: other(code) }, '', `10.0.0.${n}`).kind).toBe('wrong');
      expect(pairing.offer()?.triesLeft).toBe(CODE_TRIES - n);
    }
    expect(pairing.attempt({ code }, '', HOME).kind).toBe('wrong');
    expect(pairing.attempt({ secret }, '', HOME).kind).toBe('pending');
  });

  it('one address cannot spend the whole code: whoever it was made for still gets in', () => {
    const { access: { pairing } } = openRig();
    const { code } = pairing.start();
    const kinds = Array.from({ length: 30 }, () => pairing.attempt({ code: other(code) }, '', '10.0.0.66').kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(TRIES_PER_ADDRESS);
    expect(pairing.attempt({ code }, '', '10.0.0.66').kind).toBe('wait');
    expect(pairing.attempt({ code }, 'Phone', HOME).kind).toBe('pending');
  });

  it('an IPv6 machine is one address, however many it has', () => {
    const { access: { pairing } } = openRig();
    const { code } = pairing.start();
    const kinds = Array.from({ length: 10 }, (_, n) => pairing.attempt({ code: other(code) }, '', `2001:db8:1:2::${n + 1}`).kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(TRIES_PER_ADDRESS);
    expect(pairing.attempt({ code }, '', '2001:db8:1:3::1').kind).toBe('pending');
  });

  it('whatever the order of attempts, no wrong code gets in and no more than five are looked at', () => {
    const attempts = fc.array(fc.record({ guess: fc.integer({ min: 0, max: 999_999 }), host: fc.integer({ min: 1, max: 12 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(attempts, (tries) => {
        const { access: { pairing } } = openRig();
        const { code } = pairing.start();
        const wrong = tries.filter(({ guess }) => String(guess).padStart(6, '0') !== code);
        const kinds = wrong.map(({ guess, host }) => pairing.attempt({ code: String(guess).padStart(6, '0') }, '', `10.0.0.${host}`).kind);
        expect(kinds).not.toContain('pending');
        expect(pairing.offer()?.triesLeft).toBeGreaterThanOrEqual(0);
        expect(pairing.requests.pending()).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('a request that nobody answers lapses, and so does an answer that nobody fetches', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const ask = () => {
      const came = pairing.attempt({ secret: pairing.start().secret }, 'Phone', HOME);
      if (came.kind !== 'pending') throw new Error(came.kind);
      return came.ticket;
    };
    const lapsed = ask();
    await time(rig, REQUEST_LIFE);
    expect(pairing.answer(lapsed.id, 'admin')).toBeNull();
    expect(pairing.requests.state(lapsed.id, lapsed.ticket)).toBeNull();
    const asleep = ask();
    rig.time.sleep(REQUEST_LIFE);
    expect(pairing.answer(asleep.id, 'admin')).toBeNull();
    expect(rig.access.view().requests).toEqual([]);
    const approved = ask();
    pairing.answer(approved.id, 'viewer');
    await time(rig, ANSWER_LIFE);
    expect(rig.access.claim(approved.id, approved.ticket, HOME)).toBeNull();
    expect(rig.access.view().devices).toEqual([]);
  });

  it('a denied request stays denied', () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const came = pairing.attempt({ secret: pairing.start().secret }, 'Phone', HOME);
    if (came.kind !== 'pending') throw new Error(came.kind);
    const { id, ticket } = came.ticket;
    expect(pairing.answer(id, 'denied')).toMatchObject({ name: 'Phone' });
    expect(pairing.answer(id, 'admin')).toBeNull();
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
    expect(rig.access.view().devices).toHaveLength(1);
    expect(await whoIs(rig, tokens.access)).toBeNull();
    expect(await whoIs(rig, again.tokens.access)).not.toBeNull();
    rig.access.revoke(() => true, 'taken away');
    expect(rig.access.claim(request.id, request.ticket, HOME)).toEqual({ kind: 'wrong' });
  });

  it('who waits is told at once, one at a time, and never longer than asked for', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    const came = pairing.attempt({ secret: pairing.start().secret }, 'Phone', HOME);
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
    pairing.answer(id, 'viewer');
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
    pairing.attempt({ secret: pairing.start().secret }, given, HOME);
    expect(pairing.requests.pending()).toMatchObject([{ name: shown }]);
  });

  it('a thousand wrong codes are a few events, not a thousand', async () => {
    const rig = openRig();
    const { pairing } = rig.access;
    for (let n = 0; n < 1000; n += 1) {
      if (pairing.offer() === null) pairing.start();
      pairing.attempt({ code: other(pairing.offer()?.code ?? '') }, '', '10.0.0.66');
      await rig.time.pass(500);
    }
    const failed = rig.events.filter(({ type }) => type === 'lan_pairing_failed');
    expect(failed.length).toBeLessThan(5);
    rig.access.close();
    const told = rig.events.filter(({ type }) => type === 'lan_pairing_failed').reduce((sum, { details }) => sum + Number(details?.['count']), 0);
    expect(told).toBe(1000);
    expect(rig.access.view().devices).toEqual([]);
  });
});

const time = (rig: ReturnType<typeof openRig>, ms: number): Promise<void> => rig.time.pass(ms);
