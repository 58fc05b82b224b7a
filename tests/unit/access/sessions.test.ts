/** Sessions: access tokens, and the rotation of refresh tokens with reuse detection. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDLE_LIMIT } from '../../../src/main/access/expiry';
import { GRACE, parseRefreshToken } from '../../../src/main/access/refresh-token-rotation';
import { ACCESS_TOKEN_LIFETIME } from '../../../src/main/access/sessions';
import { pairDevice, openAccess, eventTypesOf, identify } from '../../support/access';
import type { AccessHarness } from '../../support/access';

const HOME = '192.168.1.20';
const THIEF = '192.168.1.66';

function refresh(harness: AccessHarness, token: string, address = HOME) {
  const result = harness.access.refresh(token, address);
  return result.kind === 'ok' ? result.tokens : null;
}

function refreshed(harness: AccessHarness, token: string) {
  const tokens = refresh(harness, token);
  if (tokens === null) throw new Error('the refresh token was not valid');
  return tokens;
}

describe('sessions', () => {
  it('an access token is valid for fifteen minutes, also when the machine sleeps or its clock is set back', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness);
    expect(await identify(harness, tokens.access)).toMatchObject({ id: identity.id, role: 'viewer', scopes: null });
    await harness.time.pass(ACCESS_TOKEN_LIFETIME - 1);
    expect(await identify(harness, tokens.access)).not.toBeNull();
    harness.time.wall -= 3_600_000;
    await harness.time.pass(1);
    expect(await identify(harness, tokens.access)).toBeNull();
    const next = refreshed(harness, tokens.refresh);
    harness.time.sleep(ACCESS_TOKEN_LIFETIME);
    expect(await identify(harness, next.access)).toBeNull();
  });

  it.each(['', 'x', 'a.b.c', `d0.${'x'.repeat(43)}.${'y'.repeat(43)}`, 'x'.repeat(100_000)])('a made-up token is invalid: %.20s', async (made) => {
    const harness = openAccess();
    pairDevice(harness);
    expect(await identify(harness, made)).toBeNull();
    expect(harness.access.refresh(made, THIEF)).toEqual({ kind: 'wrong' });
    expect(harness.access.summary().devices).toHaveLength(1);
  });

  it('a refresh token is valid once; presenting an old one ends the session for both parties', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness, { name: 'Phone' });
    const next = refreshed(harness, tokens.refresh);
    expect(next.refresh).not.toBe(tokens.refresh);
    expect(await identify(harness, next.access)).not.toBeNull();
    await harness.time.pass(GRACE + 1);
    expect(refresh(harness, tokens.refresh, THIEF)).toBeNull();
    expect(harness.revoked).toEqual([identity.id]);
    expect(await identify(harness, next.access)).toBeNull();
    expect(refresh(harness, next.refresh)).toBeNull();
    expect(harness.access.summary().devices).toEqual([]);
    expect(harness.events.at(-1)).toMatchObject({ type: 'lan_refresh_token_reused', severity: 'warning', user: 'Phone', details: { address: THIEF }, message: `An old sign-in token of “Phone” was reused from ${THIEF} and may be stolen. The browser was signed out.` });
  });

  it('a thief who refreshes first is detected when the owner does', async () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    const stolen = refreshed(harness, tokens.refresh);
    expect(await identify(harness, stolen.access, THIEF)).not.toBeNull();
    await harness.time.pass(GRACE + 1);
    expect(refresh(harness, tokens.refresh)).toBeNull();
    expect(await identify(harness, stolen.access, THIEF)).toBeNull();
    expect(refresh(harness, stolen.refresh, THIEF)).toBeNull();
  });

  it('two tabs that refresh at once both stay signed in, with the same refresh token', async () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    const first = refreshed(harness, tokens.refresh);
    expect(await identify(harness, first.access)).not.toBeNull();
    const second = refreshed(harness, tokens.refresh);
    expect(second.refresh).toBe(first.refresh);
    expect(second.access).not.toBe(first.access);
    expect(await identify(harness, second.access)).not.toBeNull();
    expect(harness.revoked).toEqual([]);
  });

  it('a lost response does not end the session', async () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    const lost = refreshed(harness, tokens.refresh);
    await harness.time.pass(GRACE + 1);
    const next = refreshed(harness, tokens.refresh);
    expect(next.refresh).not.toBe(lost.refresh);
    expect(await identify(harness, next.access)).not.toBeNull();
    expect(refresh(harness, lost.refresh, THIEF)).toBeNull();
    expect(eventTypesOf(harness)).toContain('lan_refresh_token_reused');
  });

  it('knowing the id of a device does not suffice to end its session', () => {
    const harness = openAccess();
    const { identity, tokens } = pairDevice(harness);
    const parts = parseRefreshToken(tokens.refresh);
    expect(parts?.device).toBe(identity.id);
    expect(harness.access.refresh(`${identity.id}.${'x'.repeat(43)}.${parts?.nonce ?? ''}`, THIEF)).toEqual({ kind: 'wrong' });
    expect(harness.revoked).toEqual([]);
    expect(refresh(harness, tokens.refresh)).not.toBeNull();
  });

  it('a device not seen for 30 days is signed out', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness);
    harness.time.sleep(IDLE_LIMIT + 1);
    expect(harness.access.summary().devices).toEqual([]);
    expect(refresh(harness, tokens.refresh)).toBeNull();
    expect(harness.revoked).toEqual([identity.id]);
    expect(eventTypesOf(harness).at(-1)).toBe('lan_device_revoked');
  });

  it('a restart ends access tokens and keeps sessions; an old refresh token stays invalid', async () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    const next = refreshed(harness, tokens.refresh);
    expect(await identify(harness, next.access)).not.toBeNull();
    const after = harness.restart();
    expect(await identify(after, next.access)).toBeNull();
    expect(refresh(after, next.refresh)).not.toBeNull();
    expect(after.revoked).toEqual([]);
    await after.time.pass(GRACE + 1);
    expect(refresh(after, tokens.refresh)).toBeNull();
    expect(after.revoked).toHaveLength(1);
  });

  it('a logout ends the session, its tabs and its streams', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness);
    const tab = refreshed(harness, tokens.refresh);
    harness.access.logout(undefined, tab.refresh);
    expect(harness.revoked).toEqual([identity.id]);
    expect(await identify(harness, tokens.access)).toBeNull();
    expect(await identify(harness, tab.access)).toBeNull();
    expect(refresh(harness, tab.refresh)).toBeNull();
    harness.access.logout('nonsense', undefined);
    harness.access.logout(undefined, undefined);
    expect(harness.revoked).toHaveLength(1);
  });

  it('a changed role applies to tokens already issued', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness, { role: 'admin' });
    harness.access.devices.setRole([identity.id], 'viewer');
    expect(await identify(harness, tokens.access)).toMatchObject({ role: 'viewer' });
  });

  it('a device keeps a limited number of access tokens, the oldest ending first', async () => {
    const harness = openAccess();
    let { tokens } = pairDevice(harness);
    const first = tokens;
    for (let tab = 0; tab < 20; tab += 1) tokens = refreshed(harness, tokens.refresh);
    expect(await identify(harness, first.access)).toBeNull();
    expect(await identify(harness, tokens.access)).not.toBeNull();
  });

  it('whatever the order of refreshes, uses, losses and delays: a single owner keeps the session, and no token is valid twice', async () => {
    const step = fc.record({ act: fc.constantFrom('refresh', 'use', 'lose', 'wait'), old: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(40), async (steps, theft) => {
        const harness = openAccess();
        let { tokens: held } = pairDevice(harness);
        const old: string[] = [];
        for (const { act } of steps) {
          if (act === 'wait') await harness.time.pass(GRACE + 1);
          else if (act === 'use') await identify(harness, held.access);
          else {
            const tokens = refreshed(harness, held.refresh);
            // A lost response: the browser keeps its old tokens.
            if (act === 'lose') continue;
            old.push(held.refresh);
            held = tokens;
          }
        }
        expect(harness.revoked).toEqual([]);
        const replayed = old[theft % Math.max(1, old.length)];
        if (replayed === undefined) return;
        // It is used, so that the browser is known to have it, and time goes by.
        await identify(harness, held.access);
        await harness.time.pass(GRACE + 1);
        const confirmed = refreshed(harness, held.refresh);
        await identify(harness, confirmed.access);
        await harness.time.pass(GRACE + 1);
        expect(refresh(harness, replayed, THIEF)).toBeNull();
        expect(harness.revoked).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});
