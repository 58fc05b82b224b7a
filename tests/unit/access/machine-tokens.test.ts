/** Machines that report here: their requests, and the one token each of them has. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOKEN_AGE } from '../../../src/main/access/machine-tokens';
import { DECISION_LIFETIME, REQUEST_LIFETIME } from '../../../src/main/access/pairing-requests';
import { eventTypesOf, openAccess, pairDevice } from '../../support/access';
import type { AccessHarness } from '../../support/access';
import { askToReport, joinMachine, MACHINES } from '../../support/machines';

const [NAS = '', PI = ''] = MACHINES;
const identityOf = ({ access }: AccessHarness, token: string) => access.authenticate({ cookies: {}, authorization: `Bearer ${token}`, address: '10.0.0.9' });
const machineOf = async (harness: AccessHarness, token: string) => (await identityOf(harness, token))?.machine ?? null;
const stored = ({ path }: AccessHarness) => JSON.parse(readFileSync(path, 'utf8')) as { version: number; machines?: readonly object[] };

describe('a machine that asks to report', () => {
  it('gets a token that lets it report and nothing else, once it is approved', async () => {
    const harness = openAccess();
    const { id, ticket } = askToReport(harness, NAS, 'n\u202Eas\u0007');
    expect(harness.access.summary().requests).toMatchObject([{ id, name: 'n as', machine: { id: NAS, version: '1.2.3', isKnown: false } }]);
    expect(harness.access.machines.claim(id, ticket)).toEqual({ state: 'pending', token: null });
    harness.access.pairing.decideMachine(id, 'report');
    expect(harness.access.machines.claim(id, 'x'.repeat(43))).toBeNull();
    const { token } = harness.access.machines.claim(id, ticket) ?? {};
    const [known] = harness.access.machines.list();
    expect(await identityOf(harness, token ?? '')).toEqual({ id: known?.id, name: 'n as', role: 'viewer', scopes: ['report'], machine: NAS });
    expect(eventTypesOf(harness)).toEqual(['lan_pairing_started', 'lan_pairing_requested', 'lan_pairing_approved', 'lan_machine_joined']);
    expect(readFileSync(harness.path, 'utf8')).not.toContain(token?.split('.')[2]);
  });

  it('cannot be given a role, and a browser cannot be given such a token', () => {
    const harness = openAccess();
    const { access: { pairing, machines }, access } = harness;
    const machine = askToReport(harness);
    expect(pairing.decide(machine.id, 'admin')).toBeNull();
    expect(access.claim(machine.id, machine.ticket, '10.0.0.1')).toBeNull();
    pairing.decideMachine(machine.id, 'report');
    expect(access.claim(machine.id, machine.ticket, '10.0.0.1')).toBeNull();
    const browser = pairing.redeem({ code: pairing.createCode().code }, 'Phone', '10.0.0.1');
    if (browser.kind !== 'pending') throw new Error(browser.kind);
    expect(pairing.decideMachine(browser.ticket.id, 'report')).toBeNull();
    pairing.decide(browser.ticket.id, 'admin');
    expect(machines.claim(browser.ticket.id, browser.ticket.ticket)).toBeNull();
    expect(access.summary()).toMatchObject({ requests: [], devices: [] });
    expect(machines.list()).toEqual([]);
  });

  it('is denied, or not decided about in time, and gets none', async () => {
    const harness = openAccess();
    const denied = askToReport(harness);
    harness.access.pairing.decideMachine(denied.id, 'denied');
    expect(harness.access.machines.claim(denied.id, denied.ticket)).toEqual({ state: 'denied', token: null });
    const late = askToReport(harness, PI);
    harness.time.sleep(REQUEST_LIFETIME);
    expect(harness.access.pairing.decideMachine(late.id, 'report')).toBeNull();
    expect(harness.access.machines.claim(late.id, late.ticket)).toEqual({ state: 'expired', token: null });
    const unfetched = askToReport(harness, PI);
    harness.access.pairing.decideMachine(unfetched.id, 'report');
    await harness.time.pass(DECISION_LIFETIME);
    expect(harness.access.machines.claim(unfetched.id, unfetched.ticket)).toBeNull();
    expect(harness.access.machines.list()).toEqual([]);
    expect(harness.events).toContainEqual(expect.objectContaining({ type: 'lan_pairing_denied', message: 'The machine “nas” denied: it does not report here' }));
  });

  it('fetches its token again where the answer was lost, which ends the one before', async () => {
    const harness = openAccess();
    const { token, id, ticket } = joinMachine(harness);
    const again = harness.access.machines.claim(id, ticket)?.token ?? '';
    expect([await machineOf(harness, token), await machineOf(harness, again)]).toEqual([null, NAS]);
    expect(harness.access.machines.list()).toHaveLength(1);
    expect(harness.revoked).toHaveLength(1);
    expect(eventTypesOf(harness).filter((type) => type === 'lan_machine_joined')).toHaveLength(1);
  });

  it('that reports here already keeps its token until a user has approved the new one', async () => {
    const harness = openAccess();
    const first = joinMachine(harness);
    const second = askToReport(harness, NAS, 'other name');
    expect(harness.access.summary().requests).toMatchObject([{ machine: { id: NAS, isKnown: true } }]);
    harness.access.pairing.decideMachine(second.id, 'denied');
    expect(await machineOf(harness, first.token)).toBe(NAS);
    const third = joinMachine(harness, NAS, 'other name');
    expect([await machineOf(harness, first.token), await machineOf(harness, third.token)]).toEqual([null, NAS]);
    // Nor does the first request, whose decision can still be fetched, take the place back.
    expect(harness.access.machines.claim(first.id, first.ticket)).toEqual({ state: 'expired', token: null });
    expect(await machineOf(harness, third.token)).toBe(NAS);
  });
});

describe('the token of a machine', () => {
  it('is valid over restarts and for any time, until it is revoked', async () => {
    let harness = openAccess();
    const { token } = joinMachine(harness);
    for (let year = 0; year < 3; year += 1) {
      harness.time.sleep(365 * 86_400_000);
      harness.access.close();
      harness = harness.restart();
      expect(await machineOf(harness, token)).toBe(NAS);
    }
    const [known] = harness.access.machines.list();
    expect(harness.access.machines.revoke(PI)).toBe(false);
    expect(harness.access.machines.revoke(NAS)).toBe(true);
    expect(harness.revoked).toEqual([known?.id]);
    expect(await machineOf(harness, token)).toBeNull();
    expect(harness.events.at(-1)).toMatchObject({ type: 'lan_machine_revoked', message: 'The machine “nas” may not report here any more', user: 'nas' });
    expect(await machineOf(harness.restart(), token)).toBeNull();
  });

  it('that was revoked does not come back by a request that was approved before', () => {
    const harness = openAccess();
    const { id, ticket } = joinMachine(harness);
    const unfetched = askToReport(harness);
    harness.access.pairing.decideMachine(unfetched.id, 'report');
    harness.access.machines.revoke(NAS);
    expect(harness.access.machines.claim(id, ticket)).toBeNull();
    expect(harness.access.machines.claim(unfetched.id, unfetched.ticket)).toBeNull();
    expect(harness.access.machines.list()).toEqual([]);
  });

  it('is exchanged when it is old, and the one before is valid until the new one was used', async () => {
    let harness = openAccess();
    const { token } = joinMachine(harness);
    harness.time.sleep(TOKEN_AGE - 1);
    expect(harness.access.machines.rotate(NAS)).toBeNull();
    harness.time.sleep(1);
    const next = harness.access.machines.rotate(NAS) ?? '';
    const written = readFileSync(harness.path, 'utf8');
    // The answer was lost: it is told again, and nothing is written for that.
    expect(harness.access.machines.rotate(NAS)).toBe(next);
    expect(readFileSync(harness.path, 'utf8')).toBe(written);
    expect(await machineOf(harness, token)).toBe(NAS);
    harness = harness.restart();
    expect(await machineOf(harness, token)).toBe(NAS);
    expect(await machineOf(harness, next)).toBe(NAS);
    expect(await machineOf(harness, token)).toBeNull();
    expect(harness.access.machines.rotate(NAS)).toBeNull();
    expect(harness.revoked).toEqual([]);
    expect(harness.access.machines.rotate(PI)).toBeNull();
  });

  it('stays as it is while a new one cannot be saved, and a revoked one ends all the same', async () => {
    const harness = openAccess();
    const { token } = joinMachine(harness);
    rmSync(harness.path);
    mkdirSync(harness.path);
    harness.time.sleep(TOKEN_AGE);
    expect(harness.access.machines.rotate(NAS)).toBeNull();
    expect(await machineOf(harness, token)).toBe(NAS);
    const { id, ticket } = askToReport(harness, PI);
    harness.access.pairing.decideMachine(id, 'report');
    expect(() => harness.access.machines.claim(id, ticket)).toThrow(/could not be saved/);
    expect(harness.access.machines.list().map(({ machine }) => machine)).toEqual([NAS]);
    harness.access.machines.revoke(NAS);
    expect(await machineOf(harness, token)).toBeNull();
  });

  it.each(['', 'tw.', 'tw.m0000000000000000.', `tw.m0000000000000000.${'x'.repeat(43)}`, `tw.t0000000000000000.${'x'.repeat(43)}`])('%j is none', async (token) => {
    const harness = openAccess();
    joinMachine(harness);
    expect(await identityOf(harness, token)).toBeNull();
  });

  it('none is valid with the secret of another machine', async () => {
    const harness = openAccess();
    const [, nasId] = joinMachine(harness, NAS).token.split('.');
    const [, , piSecret] = joinMachine(harness, PI).token.split('.');
    expect(await identityOf(harness, `tw.${nasId}.${piSecret}`)).toBeNull();
  });
});

describe('the file', () => {
  it('is the one of earlier versions as long as no machine reports here', () => {
    const harness = openAccess();
    pairDevice(harness);
    expect(stored(harness)).toMatchObject({ version: 2 });
    expect(stored(harness)).not.toHaveProperty('machines');
    joinMachine(harness);
    expect(stored(harness)).toMatchObject({ version: 3, machines: [{ machine: NAS, name: 'nas', next: null }] });
    harness.access.machines.revoke(NAS);
    expect(stored(harness)).toMatchObject({ version: 2, devices: [{ name: 'Phone' }] });
    expect(stored(harness)).not.toHaveProperty('machines');
  });

  it('of this version is read again, and one that was damaged lets no machine in', async () => {
    const harness = openAccess();
    const { token } = joinMachine(harness);
    expect(await machineOf(harness.restart(), token)).toBe(NAS);
    writeFileSync(harness.path, readFileSync(harness.path, 'utf8').replace(NAS, 'every machine'));
    const damaged = harness.restart();
    expect(await machineOf(damaged, token)).toBeNull();
    expect(damaged.access.summary().problem).toMatch(/invalid \(.*machine/);
  });
});

/** What may happen to machines, in any order. `which`: a machine, or one of the requests or tokens so far. */
const step = fc.record({ what: fc.constantFrom('ask', 'approve', 'deny', 'asBrowser', 'claim', 'revoke', 'rotate', 'use', 'wait', 'restart'), which: fc.nat(20) });

it('whatever happens in whatever order, each machine has one valid token at most, but for one that is being exchanged, and none without an approval', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let harness = openAccess();
      const asked: { id: string; ticket: string; machine: string; approved: boolean }[] = [];
      const tokens: { token: string; machine: string }[] = [];
      const lastApproved = new Map<string, string | null>();
      for (const { what, which } of steps) {
        const { pairing, machines } = harness.access;
        const machine = MACHINES[which % MACHINES.length] ?? '';
        const request = asked[which % Math.max(1, asked.length)];
        if (what === 'ask' && pairing.machineRequests.pending().length < 3) asked.push({ ...askToReport(harness, machine), machine, approved: false });
        if (what === 'approve' && request !== undefined && pairing.decideMachine(request.id, 'report') !== null) request.approved = true;
        if (what === 'deny' && request !== undefined) pairing.decideMachine(request.id, 'denied');
        if (what === 'asBrowser' && request !== undefined) {
          expect(pairing.decide(request.id, 'admin')).toBeNull();
          expect(harness.access.claim(request.id, request.ticket, '10.0.0.1')).toBeNull();
        }
        if (what === 'claim' && request !== undefined) {
          const token = machines.claim(request.id, request.ticket)?.token ?? null;
          if (token !== null) {
            expect(request.approved).toBe(true);
            tokens.push({ token, machine: request.machine });
            lastApproved.set(request.machine, token);
          }
        }
        if (what === 'revoke') {
          machines.revoke(machine);
          lastApproved.set(machine, null);
        }
        if (what === 'rotate') {
          const token = machines.rotate(machine);
          if (token !== null) tokens.push({ token, machine });
        }
        const used = tokens[which % Math.max(1, tokens.length)];
        if (what === 'use' && used !== undefined) await identityOf(harness, used.token);
        if (what === 'wait') await harness.time.pass(which === 0 ? TOKEN_AGE : 45_000);
        if (what === 'restart') {
          harness.access.close();
          harness = harness.restart();
        }
        expect(harness.access.devices.list()).toEqual([]);
      }
      // Using a token may complete an exchange, so what is valid is what the file says.
      const ids = harness.access.machines.list();
      expect(new Set(ids.map(({ machine }) => machine)).size).toBe(ids.length);
      for (const machine of MACHINES) {
        const valid: string[] = [];
        for (const one of new Set(tokens.filter((token) => token.machine === machine).map(({ token }) => token))) {
          const found = await machineOf(harness, one);
          if (found !== null) valid.push(one);
          expect([machine, null]).toContain(found);
        }
        const last = lastApproved.get(machine) ?? null;
        // All that are valid descend from the approval that was fetched last; without one there is none.
        expect(valid.every((token) => last !== null && token.split('.')[1] === last.split('.')[1])).toBe(true);
        expect(valid.length).toBeLessThanOrEqual(2);
        if (last !== null) expect(valid.length).toBeGreaterThanOrEqual(1);
      }
      harness.access.close();
    }),
    { numRuns: 60 },
  );
});
