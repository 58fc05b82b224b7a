import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRACE, IDLE_LIMIT, parseRefreshToken } from '../../../src/main/access/refresh-token-rotation';
import { ACCESS_TOKEN_LIFETIME } from '../../../src/main/access/sessions';
import { admitDevice, openRig, typesOf, whoIs } from '../../support/access';
import type { Rig } from '../../support/access';

const HOME = '192.168.1.20';
const THIEF = '192.168.1.66';

function refresh(rig: Rig, token: string, address = HOME) {
  const came = rig.access.refresh(token, address);
  return came.kind === 'ok' ? came.tokens : null;
}

function refreshed(rig: Rig, token: string) {
  const tokens = refresh(rig, token);
  if (tokens === null) throw new Error('the refresh token was not good');
  return tokens;
}

describe('sessions', () => {
  it('an access token is good for fifteen minutes, also when the machine sleeps or its clock is put back', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig);
    expect(await whoIs(rig, tokens.access)).toMatchObject({ id: identity.id, role: 'viewer', scopes: null });
    await rig.time.pass(ACCESS_TOKEN_LIFETIME - 1);
    expect(await whoIs(rig, tokens.access)).not.toBeNull();
    rig.time.wall -= 3_600_000;
    await rig.time.pass(1);
    expect(await whoIs(rig, tokens.access)).toBeNull();
    const next = refreshed(rig, tokens.refresh);
    rig.time.sleep(ACCESS_TOKEN_LIFETIME);
    expect(await whoIs(rig, next.access)).toBeNull();
  });

  it.each(['', 'x', 'a.b.c', `d0.${'x'.repeat(43)}.${'y'.repeat(43)}`, 'x'.repeat(100_000)])('nothing made up is a token: %.20s', async (made) => {
    const rig = openRig();
    admitDevice(rig);
    expect(await whoIs(rig, made)).toBeNull();
    expect(rig.access.refresh(made, THIEF)).toEqual({ kind: 'wrong' });
    expect(rig.access.summary().devices).toHaveLength(1);
  });

  it('a refresh token is good once; an old one that comes back ends the session of both who hold it', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig, { name: 'Phone' });
    const next = refreshed(rig, tokens.refresh);
    expect(next.refresh).not.toBe(tokens.refresh);
    expect(await whoIs(rig, next.access)).not.toBeNull();
    await rig.time.pass(GRACE + 1);
    expect(refresh(rig, tokens.refresh, THIEF)).toBeNull();
    expect(rig.revoked).toEqual([identity.id]);
    expect(await whoIs(rig, next.access)).toBeNull();
    expect(refresh(rig, next.refresh)).toBeNull();
    expect(rig.access.summary().devices).toEqual([]);
    expect(rig.events.at(-1)).toMatchObject({ type: 'lan_refresh_token_reused', severity: 'warning', user: 'Phone', details: { address: THIEF } });
  });

  it('a thief who is first is found out when the owner comes', async () => {
    const rig = openRig();
    const { tokens } = admitDevice(rig);
    const stolen = refreshed(rig, tokens.refresh);
    expect(await whoIs(rig, stolen.access, THIEF)).not.toBeNull();
    await rig.time.pass(GRACE + 1);
    expect(refresh(rig, tokens.refresh)).toBeNull();
    expect(await whoIs(rig, stolen.access, THIEF)).toBeNull();
    expect(refresh(rig, stolen.refresh, THIEF)).toBeNull();
  });

  it('two tabs that refresh at once both stay in, with one refresh token between them', async () => {
    const rig = openRig();
    const { tokens } = admitDevice(rig);
    const first = refreshed(rig, tokens.refresh);
    expect(await whoIs(rig, first.access)).not.toBeNull();
    const second = refreshed(rig, tokens.refresh);
    expect(second.refresh).toBe(first.refresh);
    expect(second.access).not.toBe(first.access);
    expect(await whoIs(rig, second.access)).not.toBeNull();
    expect(rig.revoked).toEqual([]);
  });

  it('an answer that never arrived does not end the session', async () => {
    const rig = openRig();
    const { tokens } = admitDevice(rig);
    const lost = refreshed(rig, tokens.refresh);
    await rig.time.pass(GRACE + 1);
    const next = refreshed(rig, tokens.refresh);
    expect(next.refresh).not.toBe(lost.refresh);
    expect(await whoIs(rig, next.access)).not.toBeNull();
    expect(refresh(rig, lost.refresh, THIEF)).toBeNull();
    expect(typesOf(rig)).toContain('lan_refresh_token_reused');
  });

  it('whoever knows only the name of a device can end nothing', () => {
    const rig = openRig();
    const { identity, tokens } = admitDevice(rig);
    const parts = parseRefreshToken(tokens.refresh);
    expect(parts?.device).toBe(identity.id);
    expect(rig.access.refresh(`${identity.id}.${'x'.repeat(43)}.${parts?.nonce ?? ''}`, THIEF)).toEqual({ kind: 'wrong' });
    expect(rig.revoked).toEqual([]);
    expect(refresh(rig, tokens.refresh)).not.toBeNull();
  });

  it('a device that was away for a month has to be let in again', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig);
    rig.time.sleep(IDLE_LIMIT + 1);
    expect(rig.access.summary().devices).toEqual([]);
    expect(refresh(rig, tokens.refresh)).toBeNull();
    expect(rig.revoked).toEqual([identity.id]);
    expect(typesOf(rig).at(-1)).toBe('lan_device_revoked');
  });

  it('a restart ends access tokens and keeps sessions; an old token stays old', async () => {
    const rig = openRig();
    const { tokens } = admitDevice(rig);
    const next = refreshed(rig, tokens.refresh);
    expect(await whoIs(rig, next.access)).not.toBeNull();
    const after = rig.again();
    expect(await whoIs(after, next.access)).toBeNull();
    expect(refresh(after, next.refresh)).not.toBeNull();
    expect(after.revoked).toEqual([]);
    await after.time.pass(GRACE + 1);
    expect(refresh(after, tokens.refresh)).toBeNull();
    expect(after.revoked).toHaveLength(1);
  });

  it('a logout ends the session, its tabs and its stream', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig);
    const tab = refreshed(rig, tokens.refresh);
    rig.access.logout(undefined, tab.refresh);
    expect(rig.revoked).toEqual([identity.id]);
    expect(await whoIs(rig, tokens.access)).toBeNull();
    expect(await whoIs(rig, tab.access)).toBeNull();
    expect(refresh(rig, tab.refresh)).toBeNull();
    rig.access.logout('nonsense', undefined);
    rig.access.logout(undefined, undefined);
    expect(rig.revoked).toHaveLength(1);
  });

  it('a role that changes holds for tokens already given out', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig, { role: 'admin' });
    rig.access.devices.setRole([identity.id], 'viewer');
    expect(await whoIs(rig, tokens.access)).toMatchObject({ role: 'viewer' });
  });

  it('many tabs share a device without end, the oldest going first', async () => {
    const rig = openRig();
    let { tokens } = admitDevice(rig);
    const first = tokens;
    for (let tab = 0; tab < 20; tab += 1) tokens = refreshed(rig, tokens.refresh);
    expect(await whoIs(rig, first.access)).toBeNull();
    expect(await whoIs(rig, tokens.access)).not.toBeNull();
  });

  it('however it is refreshed, used, replayed and delayed: one holder alone never loses the session, and no token is good twice', async () => {
    const step = fc.record({ act: fc.constantFrom('refresh', 'use', 'lose', 'wait'), old: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(40), async (steps, theft) => {
        const rig = openRig();
        let { tokens: held } = admitDevice(rig);
        const old: string[] = [];
        for (const { act } of steps) {
          if (act === 'wait') await rig.time.pass(GRACE + 1);
          else if (act === 'use') await whoIs(rig, held.access);
          else {
            const came = refreshed(rig, held.refresh);
            // A lost answer: the browser keeps what it had.
            if (act === 'lose') continue;
            old.push(held.refresh);
            held = came;
          }
        }
        expect(rig.revoked).toEqual([]);
        const replayed = old[theft % Math.max(1, old.length)];
        if (replayed === undefined) return;
        // It is used, so that the browser is known to have it, and time goes by.
        await whoIs(rig, held.access);
        await rig.time.pass(GRACE + 1);
        const confirmed = refreshed(rig, held.refresh);
        await whoIs(rig, confirmed.access);
        await rig.time.pass(GRACE + 1);
        expect(refresh(rig, replayed, THIEF)).toBeNull();
        expect(rig.revoked).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});
