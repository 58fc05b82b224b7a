/** Holds the state machine: its timers, the timeline, and the one command at the end. */
import { POWER_LABELS } from '../../shared/power/power-labels';
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerControlSettings, PowerControlState } from '../../shared/power/power-schemas';
import { CallError } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import type { EventRecorder } from '../timeline/event-recorder';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import type { PowerCommands } from './command-types';
import type { Runner } from './power-commands';
import { advance, IDLE } from './power-state-machine';
import type { Effect, PowerEvent, PowerMachine } from './power-state-machine';

/** Somebody who asks, confirms or cancels. */
export interface PowerUser {
  readonly id: string;
  /** For a person. */
  readonly name: string;
  /** True for whoever sits at the machine. */
  readonly desktop: boolean;
  /** Checks their password; null for one who has none, and needs a yes at the desktop. */
  readonly verify: ((password: string) => Promise<boolean>) | null;
}

/** What control is built from. */
export interface PowerControlParts {
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly record: EventRecorder;
  readonly commands: ReturnType<PowerCommands>;
  readonly run: Runner;
  settings(): PowerControlSettings;
}

/** Restarts and shuts down, when everybody has agreed. */
export interface PowerControl {
  state(): PowerControlState;
  /** Told of every change. */
  onChange(listener: (state: PowerControlState) => void): void;
  /** Throws a CallError where it is not allowed, or another request is open. */
  request(action: PowerAction, user: PowerUser): PowerControlState;
  /** Confirms with a password, or as the desktop. Rejects with a CallError. */
  confirm(id: string, password: string | undefined, user: PowerUser): Promise<PowerControlState>;
  /** Calls it off, which every admin may; throws a CallError when there is nothing to call off. `by` is for a person. */
  cancel(id: string, by: string): PowerControlState;
  /** Ends what is open when the settings no longer allow it. */
  onSettings(): void;
  /** Ends what somebody asked for who has lost the right to. */
  onRevoked(id: string): void;
  /** Whatever is open does not happen. */
  close(): void;
}

/** A machine that still runs this long after the order will not obey it: another program holds it up, ms. */
const STARTED_LIFE = 120_000;

const EVENT_TEXT: Readonly<Record<Extract<Effect, { kind: 'tell' }>['type'], (what: string, by: string, detail: string) => string>> = {
  power_requested: (what, by) => `${by} asks to ${what} this machine`,
  power_confirmed: (what, by, detail) => `The request of ${by} to ${what} this machine was confirmed ${detail}`,
  power_cancelled: (what, by, detail) => `The request of ${by} to ${what} this machine was called off. ${detail}`,
  power_started: (what, by) => `The system was told to ${what}, as ${by} asked`,
  power_failed: (what, _by, detail) => `The system did not ${what}: ${detail}`,
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
    if (machine.state === 'started') return { state: 'started', id, action, by };
    const left = Math.max(0, machine.until - this.parts.clock.boot());
    return { state: machine.state, id, action, by, until: this.parts.clock.now() + left, left };
  }

  onChange(listener: (state: PowerControlState) => void): void {
    this.#listeners.push(listener);
  }

  request(action: PowerAction, user: PowerUser): PowerControlState {
    this.#allowed();
    const request = { id: newId('c', this.parts.random), action, caller: user.id, by: user.name };
    if (!this.#happen({ kind: 'request', request })) throw new CallError('Unavailable', 'another request is open; call it off first');
    return this.state();
  }

  async confirm(id: string, password: string | undefined, user: PowerUser): Promise<PowerControlState> {
    this.#allowed();
    const open = this.#open(id);
    const how = user.desktop ? 'at the desktop' : `with the password of ${user.name}`;
    if (!user.desktop) {
      if (open.caller !== user.id) throw new CallError('Forbidden', 'only who asked for it can confirm it with a password');
      if (user.verify === null || password === undefined) throw new CallError('Forbidden', 'this has to be confirmed at the desktop');
      if (!(await user.verify(password))) {
        this.#happen({ kind: 'wrongPassword', id });
        throw new CallError('Forbidden', 'the password is wrong');
      }
      this.#allowed();
    }
    if (!this.#happen({ kind: 'confirm', id, how, countdown: this.parts.settings().countdown * 1000 })) throw new CallError('NotFound', 'this request has ended');
    return this.state();
  }

  cancel(id: string, by: string): PowerControlState {
    this.#open(id);
    if (!this.#happen({ kind: 'cancel', id, why: `${by} called it off.` })) throw new CallError('NotFound', 'this request has ended');
    return this.state();
  }

  onSettings(): void {
    if (!this.parts.settings().enabled) this.#happen({ kind: 'forbid', why: 'Server control was switched off.' });
  }

  onRevoked(id: string): void {
    const machine = this.#machine;
    if (machine.state !== 'idle' && machine.request.caller === id) this.#happen({ kind: 'forbid', why: 'Who asked for it has lost the right to.' });
  }

  close(): void {
    this.#happen({ kind: 'forbid', why: 'Traywatch was ended.' });
    this.#cancelTimer();
  }

  #allowed(): void {
    if (!this.parts.settings().enabled) throw new CallError('Forbidden', 'server control is switched off at the desktop');
  }

  #open(id: string): Extract<PowerMachine, { request: unknown }>['request'] {
    const machine = this.#machine;
    if (machine.state === 'idle' || machine.request.id !== id) throw new CallError('NotFound', 'this request has ended');
    return machine.request;
  }

  /** True when it was taken. What a late timer finds due is done first, and the happening then finds nothing. */
  #happen(powerEvent: PowerEvent): boolean {
    const now = this.parts.clock.boot();
    const due = advance(this.#machine, { kind: 'time' }, now);
    if (due.taken) this.#take(due.machine, due.effects);
    if (powerEvent.kind === 'time') return due.taken;
    const step = advance(this.#machine, powerEvent, now);
    if (step.taken) this.#take(step.machine, step.effects);
    return step.taken;
  }

  #take(machine: PowerMachine, effects: readonly Effect[]): void {
    this.#machine = machine;
    this.#cancelTimer();
    if (machine.state === 'asked' || machine.state === 'counting') {
      this.#cancelTimer = this.parts.timers.after(Math.max(0, machine.until - this.parts.clock.boot()), () => this.#happen({ kind: 'time' }));
    }
    if (machine.state === 'started') {
      const { id } = machine.request;
      this.#cancelTimer = this.parts.timers.after(STARTED_LIFE, () => this.#happen({ kind: 'failed', id, why: 'The system took the order and is still running.' }));
    }
    effects.forEach((effect) => this.#do(effect));
    const state = this.state();
    this.#listeners.forEach((listener) => listener(state));
  }

  #do(effect: Effect): void {
    const { id, action, by } = effect.request;
    if (effect.kind === 'run') {
      void this.parts.run(this.parts.commands[action]).then((problem) => {
        if (problem !== null) this.#happen({ kind: 'failed', id, why: problem });
      });
      return;
    }
    const message = EVENT_TEXT[effect.type](POWER_LABELS[action].do.toLowerCase(), by, effect.detail).trim();
    this.parts.record({ type: effect.type, severity: effect.type === 'power_failed' ? 'critical' : 'warning', message, user: by, details: { action } });
  }
}

/** Builds it. It does nothing before somebody asks. */
export function createPowerControl(parts: PowerControlParts): PowerControl {
  return new PowerControlService(parts);
}
