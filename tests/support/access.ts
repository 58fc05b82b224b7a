/** Access over a temporary folder, a clock moved by hand, and randomness that repeats itself. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCallbackLog } from '../../src/main/engine/log';
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

/** A temporary folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-lan-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Access, and what a test sees of it. */
export interface Rig {
  readonly access: AccessControl;
  readonly time: FakeTime;
  readonly path: string;
  readonly events: NewEvent[];
  readonly revoked: string[];
  /** Passwords that were hashed, in order. */
  readonly derived: string[];
  readonly lines: string[];
  /** The same files and the same time, as after a restart; what was not saved is lost unless `close` came first. */
  again(): Rig;
}

/** What a rig may be given of another one. */
type Kept = Partial<Pick<Rig, 'time' | 'path'>> & { readonly parts?: Partial<AccessControlParts>; readonly seed?: number };

/** Opens access. Hashing is quick here, and counted. */
export function openRig({ time = new FakeTime(), path = join(temporaryFolder(), 'access.json'), parts = {}, seed = 1 }: Kept = {}): Rig {
  const events: NewEvent[] = [];
  const revoked: string[] = [];
  const derived: string[] = [];
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
      derived.push(password);
      return Promise.resolve(createHash('sha256').update(`${salt} ${password}`).digest('base64url'));
    },
    ...parts,
  });
  access.onRevoked((id) => revoked.push(id));
  return { access, time, path, events, revoked, derived, lines, again: () => openRig({ time, path, parts, seed: seed + 1 }) };
}

/** Types of the events recorded. */
export function typesOf(rig: Rig): string[] {
  return rig.events.map(({ type }) => type);
}

/** Lets a browser in, as the person at the desktop would. */
export function admitDevice(rig: Rig, { role = 'viewer' as const, name = 'Phone', address = '192.168.1.20' }: { role?: 'viewer' | 'admin'; name?: string; address?: string } = {}) {
  const { pairing } = rig.access;
  const { code } = pairing.createCode();
  const asked = pairing.redeem({ code }, name, address);
  if (asked.kind !== 'pending') throw new Error(`not let in: ${asked.kind}`);
  pairing.decide(asked.ticket.id, role);
  const claimed = rig.access.claim(asked.ticket.id, asked.ticket.ticket, address);
  if (claimed?.kind !== 'ok') throw new Error('the approved request was not good');
  return { ...claimed, request: asked.ticket };
}

/** Who the cookies of a session speak for. */
export function whoIs(rig: Rig, access: string, address = '192.168.1.20') {
  return rig.access.authenticate({ cookies: { '__Host-traywatch': access }, authorization: undefined, address });
}
