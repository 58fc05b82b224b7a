/**
 * Tokens of machines that report here, one for each: made when a user has approved the machine, exchanged every thirty days,
 * and valid until they are revoked. Only their hashes are stored.
 */
import { REPORT_SCOPE } from '../../shared/sharing/auth-policy';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import type { EventRecorder } from '../timeline/event-recorder';
import type { StoredMachine } from './credential-schema';
import type { CredentialStore } from './credential-store';
import type { ClientIdentity } from './identity';
import type { MachineRequest, OfMachine, PairingRequests, PairingRequestState } from './pairing-requests';
import { hashSecret, isSecretOf, newSecret } from './secrets';

/** A token is exchanged once Traywatch has run for so long since it was made, ms. */
export const TOKEN_AGE = 30 * 86_400_000;

/** A machine that may report here. */
interface ReporterAccess {
  /** Id of its token, as `onRevoked` and the client's identity have it. */
  readonly id: string;
  readonly machine: string;
  /** Its name when it joined. */
  readonly name: string;
  /** Epoch ms. */
  readonly joinedAt: number;
}

/** State of a machine's request; the token is told once it is approved. */
interface JoinState {
  readonly state: PairingRequestState;
  readonly token: string | null;
}

/** Makes, exchanges, ends and identifies the tokens. */
export interface MachineTokens {
  list(): readonly ReporterAccess[];
  find(machine: string): ReporterAccess | null;
  /**
   * State of a request, with a new token where it is approved; an earlier token of the machine ends. Where the answer was lost
   * it can be asked again. Null for an unknown request. Throws a CallError when the token cannot be saved.
   */
  claim(request: string, ticket: string): JoinState | null;
  /** A new token for a machine whose present one is old, else null. The present one is valid until the new one is used. */
  rotate(machine: string): string | null;
  /** Ends the access of a machine; false when it had none. */
  revoke(machine: string): boolean;
  /** The identity of an Authorization header; null when it is not valid. */
  identify(authorization: string): ClientIdentity | null;
}

/** What the tokens are built from. */
export interface MachineTokenParts {
  readonly credentials: CredentialStore;
  readonly requests: PairingRequests<OfMachine, 'report'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
  readonly record: EventRecorder;
  /** Called with the id of a token that has ended. */
  onEnded(id: string): void;
}

/** The parts of `Bearer tw.<id>.<secret>`; null for anything else. */
function parseBearer(authorization: string): { readonly id: string; readonly secret: string } | null {
  const [, id, secret] = /^Bearer +tw\.(m[a-f0-9]{16})\.([\w-]{43})$/i.exec(authorization) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

function toReporterAccess({ id, machine, name, joinedAt }: StoredMachine): ReporterAccess {
  return { id, machine, name, joinedAt };
}

class MachineTokenService implements MachineTokens {
  /** Tokens that were told and not used yet, by id: they are told again rather than made anew with each report. */
  readonly #told = new Map<string, string>();

  constructor(private readonly parts: MachineTokenParts) {}

  list(): readonly ReporterAccess[] {
    return this.#all().map(toReporterAccess);
  }

  find(machine: string): ReporterAccess | null {
    const found = this.#of(machine);
    return found === undefined ? null : toReporterAccess(found);
  }

  claim(request: string, ticket: string): JoinState | null {
    const { requests } = this.parts;
    const approval = requests.approval(request, ticket);
    if (approval === null) {
      const state = requests.state(request, ticket);
      return state === null ? null : { state, token: null };
    }
    const { created } = approval;
    // It was revoked since, or the machine was approved once more.
    if (created !== null && !this.#all().some(({ id }) => id === created)) return { state: 'expired', token: null };
    const { id, token } = this.#create(approval.request, created === null);
    requests.complete(request, id);
    return { state: 'approved', token };
  }

  rotate(machine: string): string | null {
    const { credentials, random } = this.parts;
    const present = this.#of(machine);
    if (present === undefined || credentials.runTime() - present.issuedRun < TOKEN_AGE) return null;
    const told = this.#told.get(present.id);
    if (told !== undefined) return told;
    const secret = newSecret(random);
    try {
      this.#replace(present.id, { ...present, next: hashSecret(secret) }, 'update');
    } catch (error) {
      // The present one stays valid: it is tried again with the next report.
      if (error instanceof CallError) return null;
      throw error;
    }
    const token = `tw.${present.id}.${secret}`;
    this.#told.set(present.id, token);
    return token;
  }

  revoke(machine: string): boolean {
    const { credentials, requests, record } = this.parts;
    // An approval that was not fetched yet would let it in again.
    requests.withdraw((request) => request.machine.id === machine);
    const present = this.#of(machine);
    if (present === undefined) return false;
    credentials.revoke((all) => ({ ...all, machines: all.machines.filter(({ id }) => id !== present.id) }));
    this.#end(present.id);
    record({ type: 'lan_machine_revoked', message: `The machine “${present.name}” may not report here any more`, user: present.name, details: { machine } });
    return true;
  }

  identify(authorization: string): ClientIdentity | null {
    const given = parseBearer(authorization);
    const stored = given === null ? undefined : this.#all().find(({ id }) => id === given.id);
    if (given === null || stored === undefined) return null;
    const { id, name, machine, hash, next } = stored;
    if (next !== null && isSecretOf(given.secret, next)) this.#complete(stored, next);
    else if (!isSecretOf(given.secret, hash)) return null;
    return { id, name, role: 'viewer', scopes: [REPORT_SCOPE], machine };
  }

  #all(): readonly StoredMachine[] {
    return this.parts.credentials.get().machines;
  }

  #of(machine: string): StoredMachine | undefined {
    return this.#all().find((one) => one.machine === machine);
  }

  #create({ name, address, machine }: MachineRequest, isFirst: boolean): { readonly id: string; readonly token: string } {
    const { credentials, clock, random, record } = this.parts;
    const before = this.#of(machine.id);
    const id = newId('m', random);
    const secret = newSecret(random);
    const stored: StoredMachine = { id, machine: machine.id, name, joinedAt: clock.now(), hash: hashSecret(secret), issuedRun: credentials.runTime(), next: null };
    credentials.update((all) => ({ ...all, machines: [...all.machines.filter((one) => one.machine !== machine.id), stored] }));
    if (before !== undefined) this.#end(before.id);
    if (isFirst) {
      const message = before === undefined ? `The machine “${name}” (${address}) reports here` : `The machine “${name}” (${address}) reports here with a new token; the one before has ended`;
      record({ type: 'lan_machine_joined', message, user: name, details: { address, machine: machine.id, version: machine.version } });
    }
    return { id, token: `tw.${id}.${secret}` };
  }

  /** The machine has the new token, so the one before ends: at once, even where that cannot be saved now. */
  #complete(stored: StoredMachine, next: string): void {
    this.#told.delete(stored.id);
    this.#replace(stored.id, { ...stored, hash: next, next: null, issuedRun: this.parts.credentials.runTime() }, 'revoke');
  }

  #replace(id: string, stored: StoredMachine, how: 'update' | 'revoke'): void {
    this.parts.credentials[how]((all) => ({ ...all, machines: all.machines.map((one) => (one.id === id ? stored : one)) }));
  }

  #end(id: string): void {
    this.#told.delete(id);
    this.parts.onEnded(id);
  }
}

/** Creates the tokens over a credential store. */
export function createMachineTokens(parts: MachineTokenParts): MachineTokens {
  return new MachineTokenService(parts);
}
