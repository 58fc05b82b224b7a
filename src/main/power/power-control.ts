/**
 * Room `power`: remote restart and shutdown. This file runs the state machine: its timers, its timeline events, and the one
 * command at the end; power-state-machine.ts has the rules, power-commands.ts the command of each platform.
 * May import timeline, lib, engine and shared; must not import core, desktop, lan or transports. Access control uses it,
 * so it does not import access either.
 */
import { POWER_LABELS } from '../../shared/power/power-labels';
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerControlSettings, PowerControlState } from '../../shared/power/power-schemas';
import { CallError } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import type { EventRecorder } from '../timeline/event-recorder';
import type { PowerCommands } from './command-types';
import type { PowerCommandRunner } from './power-commands';
import { advance, IDLE } from './power-state-machine';
import type { PowerEffect, PowerEvent, PowerMachine } from './power-state-machine';

/** Display name of the user who uses Traywatch on the machine itself. */
export const LOCAL_USER_NAME = 'Traywatch on this machine';

/** A user who requests, confirms or cancels. */
export interface PowerUser {
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** Uses Traywatch on the machine itself, and confirms without a password. */
  readonly isLocal: boolean;
  /** Checks the user's password; null for a user without one, whose requests need approval on the machine. */
  readonly verify: ((password: string) => Promise<boolean>) | null;
}

/** What power control is built from. */
export interface PowerControlParts {
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly record: EventRecorder;
  readonly commands: ReturnType<PowerCommands>;
  readonly run: PowerCommandRunner;
  settings(): PowerControlSettings;
}

/** Remote restart and shutdown. One request at a time. */
export interface PowerControl {
  state(): PowerControlState;
  /** Calls the listener after every change. */
  onChange(listener: (state: PowerControlState) => void): void;
  /** Throws a CallError where it is turned off, or another request is open. */
  request(action: PowerAction, user: PowerUser): PowerControlState;
  /** Confirms with a password, or as the local user without. Rejects with a CallError. */
  confirm(id: string, password: string | undefined, user: PowerUser): Promise<PowerControlState>;
  /** Cancels a request, which every admin may; throws a CallError when there is none to cancel. `by` is a display name. */
  cancel(id: string, by: string): PowerControlState;
  /** Must be called when the settings have changed: cancels what they no longer allow. */
  onSettings(): void;
  /** Must be called when a device or token is revoked: cancels its request. */
  onRevoked(id: string): void;
  /** Cancels what is open. */
  close(): void;
}

/** A machine that still runs this long after the command will not obey it: another program prevents it, ms. */
const EXECUTION_TIMEOUT = 120_000;

/** Message of each event, up to its detail; `noun` is "Restart" or "Shutdown". */
const EVENT_TEXT: Readonly<Record<Extract<PowerEffect, { kind: 'record' }>['type'], (noun: string, by: string) => string>> = {
  power_requested: (noun, by) => `${noun} requested by ${by}`,
  power_confirmed: (noun, by) => `${noun} requested by ${by} confirmed`,
  power_cancelled: (noun, by) => `${noun} requested by ${by} cancelled`,
  power_started: (noun, by) => `${noun} started, requested by ${by}`,
  power_failed: (noun) => `${noun} failed`,
};

class PowerControlService implements PowerControl {
  #machine: PowerMachine = IDLE;
  #cancelTimer = (): void => undefined;
  readonly #listeners: ((state: PowerControlState) => void)[] = [];

  constructor(private readonly parts: PowerControlParts) {}

  state(): PowerControlState {
    const machine = this.#machine;
    if (machine.state === 'idle') return machine;
    const { id, action, by } = machine.request;
    if (machine.state === 'executing') return { state: 'executing', id, action, by };
    const left = Math.max(0, machine.until - this.parts.clock.boot());
    return { state: machine.state, id, action, by, until: this.parts.clock.now() + left, left };
  }

  onChange(listener: (state: PowerControlState) => void): void {
    this.#listeners.push(listener);
  }

  request(action: PowerAction, user: PowerUser): PowerControlState {
    this.#assertEnabled();
    const request = { id: newId('c', this.parts.random), action, caller: user.id, by: user.name };
    if (!this.#dispatch({ kind: 'request', request })) throw new CallError('Unavailable', 'another request is open; cancel it first');
    return this.state();
  }

  async confirm(id: string, password: string | undefined, user: PowerUser): Promise<PowerControlState> {
    this.#assertEnabled();
    const open = this.#openRequest(id);
    const how = user.isLocal ? 'on the machine' : `with the password of ${user.name}`;
    if (!user.isLocal) {
      if (open.caller !== user.id) throw new CallError('Forbidden', 'only the requester can confirm with a password');
      if (user.verify === null || password === undefined) throw new CallError('Forbidden', 'this needs approval on the machine');
      if (!(await user.verify(password))) {
        this.#dispatch({ kind: 'wrongPassword', id });
        throw new CallError('Forbidden', 'incorrect password');
      }
      this.#assertEnabled();
    }
    if (!this.#dispatch({ kind: 'confirm', id, how, countdown: this.parts.settings().countdown * 1000 })) throw new CallError('NotFound', 'this request has ended');
    return this.state();
  }

  cancel(id: string, by: string): PowerControlState {
    this.#openRequest(id);
    if (!this.#dispatch({ kind: 'cancel', id, by })) throw new CallError('NotFound', 'this request has ended');
    return this.state();
  }

  onSettings(): void {
    if (!this.parts.settings().enabled) this.#dispatch({ kind: 'forbid', reason: 'Remote restart was turned off.' });
  }

  onRevoked(id: string): void {
    const machine = this.#machine;
    if (machine.state !== 'idle' && machine.request.caller === id) this.#dispatch({ kind: 'forbid', reason: 'The requester no longer has permission.' });
  }

  close(): void {
    this.#dispatch({ kind: 'forbid', reason: 'The app was closed.' });
    this.#cancelTimer();
  }

  #assertEnabled(): void {
    if (!this.parts.settings().enabled) throw new CallError('Forbidden', 'remote restart is turned off');
  }

  #openRequest(id: string): Extract<PowerMachine, { request: unknown }>['request'] {
    const machine = this.#machine;
    if (machine.state === 'idle' || machine.request.id !== id) throw new CallError('NotFound', 'this request has ended');
    return machine.request;
  }

  /** True when the event was accepted. What a late timer finds due is done first, so that the event then finds it done. */
  #dispatch(event: PowerEvent): boolean {
    const now = this.parts.clock.boot();
    const due = advance(this.#machine, { kind: 'time' }, now);
    if (due.accepted) this.#apply(due.machine, due.effects);
    if (event.kind === 'time') return due.accepted;
    const step = advance(this.#machine, event, now);
    if (step.accepted) this.#apply(step.machine, step.effects);
    return step.accepted;
  }

  #apply(machine: PowerMachine, effects: readonly PowerEffect[]): void {
    this.#machine = machine;
    this.#cancelTimer();
    if (machine.state === 'pending' || machine.state === 'countdown') {
      this.#cancelTimer = this.parts.timers.after(Math.max(0, machine.until - this.parts.clock.boot()), () => this.#dispatch({ kind: 'time' }));
    }
    if (machine.state === 'executing') {
      const { id, action } = machine.request;
      this.#cancelTimer = this.parts.timers.after(EXECUTION_TIMEOUT, () => this.#dispatch({ kind: 'failed', id, reason: `The system accepted the command but did not ${POWER_LABELS[action].do.toLowerCase()}.` }));
    }
    effects.forEach((effect) => this.#perform(effect));
    const state = this.state();
    this.#listeners.forEach((listener) => listener(state));
  }

  #perform(effect: PowerEffect): void {
    const { id, action, by } = effect.request;
    if (effect.kind === 'run') {
      void this.parts.run(this.parts.commands[action]).then((problem) => {
        if (problem !== null) this.#dispatch({ kind: 'failed', id, reason: problem });
      });
      return;
    }
    const message = `${EVENT_TEXT[effect.type](POWER_LABELS[action].noun, by)}${effect.detail}`;
    this.parts.record({ type: effect.type, severity: effect.type === 'power_failed' ? 'critical' : 'warning', message, user: by, details: { action } });
  }
}

/** Creates power control; idle at first. */
export function createPowerControl(parts: PowerControlParts): PowerControl {
  return new PowerControlService(parts);
}
