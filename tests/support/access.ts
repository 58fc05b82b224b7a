/** Access control over a temporary folder, a clock moved by hand, and repeatable randomness. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCallbackLog } from './log';
import { createAccessControl } from '../../src/main/access/access-control';
import type { AccessControl, AccessControlParts } from '../../src/main/access/access-control';
import type { RandomBytes } from '../../src/main/lib/ids';
import { toNewEvent } from '../../src/main/timeline/event-recorder';
import type { NewEvent } from '../../src/shared/timeline/event-schemas';
import { FakeTime } from './collectors';

/** Bytes that look random, differ from call to call and are the same in each run. */
export function repeatableRandom(seed = 1): RandomBytes {
  let calls = 0;
  return (count) => {
    calls += 1;
    const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, block) => createHash('sha256').update(`${seed} ${calls} ${block}`).digest());
    return Buffer.concat(blocks).subarray(0, count);
  };
}

/** A temporary folder, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-lan-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Access control and what a test observes of it. */
export interface AccessHarness {
  readonly access: AccessControl;
  readonly time: FakeTime;
  readonly path: string;
  readonly events: NewEvent[];
  readonly revoked: string[];
  /** Passwords that were hashed, in order. */
  readonly hashed: string[];
  readonly lines: string[];
  /** Opens it again over the same file and clock, as after a restart; changes that are not saved are lost unless `close` came first. */
  restart(): AccessHarness;
}

/** Options, among them parts of another harness. */
type HarnessOptions = Partial<Pick<AccessHarness, 'time' | 'path'>> & { readonly parts?: Partial<AccessControlParts>; readonly seed?: number };

/** Opens access control with fast hashing. */
export function openAccess({ time = new FakeTime(), path = join(temporaryFolder(), 'access.json'), parts = {}, seed = 1 }: HarnessOptions = {}): AccessHarness {
  const events: NewEvent[] = [];
  const revoked: string[] = [];
  const hashed: string[] = [];
  const lines: string[] = [];
  const access = createAccessControl({
    path,
    clock: time,
    timers: time,
    random: repeatableRandom(seed),
    log: createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`)),
    record: (event) => void events.push(toNewEvent(event)),
    isSecure: () => true,
    derive: (password, { salt }) => {
      hashed.push(password);
      return Promise.resolve(createHash('sha256').update(`${salt} ${password}`).digest('base64url'));
    },
    ...parts,
  });
  access.onRevoked((id) => revoked.push(id));
  return { access, time, path, events, revoked, hashed, lines, restart: () => openAccess({ time, path, parts, seed: seed + 1 }) };
}

/** Types of the events recorded. */
export function eventTypesOf(harness: AccessHarness): string[] {
  return harness.events.map(({ type }) => type);
}

/** Pairs a browser; the request is approved as a user on the machine would. */
export function pairDevice(harness: AccessHarness, { role = 'viewer' as const, name = 'Phone', address = '192.168.1.20' }: { role?: 'viewer' | 'admin'; name?: string; address?: string } = {}) {
  const { pairing } = harness.access;
  const { code } = pairing.createCode();
  const redeemed = pairing.redeem({ code }, name, address);
  if (redeemed.kind !== 'pending') throw new Error(`not pending: ${redeemed.kind}`);
  pairing.decide(redeemed.ticket.id, role);
  const claimed = harness.access.claim(redeemed.ticket.id, redeemed.ticket.ticket, address);
  if (claimed?.kind !== 'ok') throw new Error('the approved request could not be claimed');
  return { ...claimed, request: redeemed.ticket };
}

/** The identity of a session's access token. */
export function identify(harness: AccessHarness, access: string, address = '192.168.1.20') {
  return harness.access.authenticate({ cookies: { '__Host-traywatch': access }, authorization: undefined, address });
}
