import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../../src/main/power/power-commands';
import { createPowerControl } from '../../../src/main/power/power-control';
import type { PowerUser } from '../../../src/main/power/power-control';
import { advance, CONFIRM_LIFE, IDLE, MAX_WRONG } from '../../../src/main/power/power-state-machine';
import type { PowerEvent, PowerMachine } from '../../../src/main/power/power-state-machine';
import { toNewEvent } from '../../../src/main/timeline/event-recorder';
import type { NewEvent } from '../../../src/shared/timeline/event-schemas';
import { FakeTime, settle } from '../../support/collectors';
import { repeatableRandom } from '../../support/access';

const DESKTOP: PowerUser = { id: 'window:1', name: 'the desktop', desktop: true, verify: null };
const anna = (id = 'd1'): PowerUser => ({ id, name: 'anna', desktop: false, verify: (password) => Promise.resolve(password === 'right') });
const PHONE: PowerUser = { id: 'd2', name: 'Phone', desktop: false, verify: null };

/** Control with a runner that writes down what it would have run. */
function openControl({ problem = null as string | null } = {}) {
  const time = new FakeTime();
  const ran: (readonly string[])[] = [];
  const events: NewEvent[] = [];
  const states: string[] = [];
  const settings = { enabled: true, countdown: 30 };
  const powerControl = createPowerControl({
    clock: time,
    timers: time,
    random: repeatableRandom(),
    record: (event) => void events.push(toNewEvent(event)),
    commands: commandsOf('linux', {}),
    run: (command) => {
      ran.push(command);
      return Promise.resolve(problem);
    },
    settings: () => settings,
  });
  powerControl.onChange(({ state }) => states.push(state));
  const ask = (user: PowerUser, action: 'reboot' | 'shutdown' = 'reboot'): string => {
    const state = powerControl.request(action, user);
    if (state.state !== 'asked') throw new Error(state.state);
    return state.id;
  };
  return { powerControl, time, ran, events, states, settings, ask, types: () => events.map(({ type }) => type) };
}

describe('server control', () => {
  it('asks, is confirmed with the password, counts down in the open, and tells the system once', async () => {
    const { powerControl, time, ran, states, ask, events } = openControl();
    const id = ask(anna());
    const counting = await powerControl.confirm(id, 'right', anna());
    expect(counting).toMatchObject({ state: 'counting', left: 30_000, until: time.wall + 30_000, by: 'anna' });
    await time.pass(29_999);
    expect(ran).toEqual([]);
    await time.pass(1);
    expect(ran).toEqual([['systemctl', '--no-ask-password', 'reboot']]);
    expect(states).toEqual(['asked', 'counting', 'started']);
    expect(events.map(({ message }) => message)).toEqual([
      'anna asks to restart this machine',
      'The request of anna to restart this machine was confirmed with the password of anna',
      'The system was told to restart, as anna asked',
    ]);
  });

  it('a paired phone needs a yes at the desktop, which has a minute', async () => {
    const { powerControl, time, ran, ask } = openControl();
    const id = ask(PHONE, 'shutdown');
    await expect(powerControl.confirm(id, 'right', PHONE)).rejects.toThrow(/at the desktop/);
    expect(await powerControl.confirm(id, undefined, DESKTOP)).toMatchObject({ state: 'counting' });
    await time.pass(30_000);
    expect(ran).toEqual([['systemctl', '--no-ask-password', 'poweroff']]);
    const late = openControl();
    const other = late.ask(PHONE);
    await late.time.pass(CONFIRM_LIFE);
    await expect(late.powerControl.confirm(other, undefined, DESKTOP)).rejects.toThrow(/has ended/);
    expect(late.powerControl.state()).toEqual({ state: 'idle', told: 'Nobody confirmed it in time.' });
    await late.time.pass(3_600_000);
    expect(late.ran).toEqual([]);
  });

  it('is called off by the desktop, and by who asked, until the last moment', async () => {
    for (const user of [DESKTOP, anna()]) {
      const { powerControl, time, ran, ask, types } = openControl();
      const id = ask(anna());
      await powerControl.confirm(id, 'right', anna());
      await time.pass(29_999);
      expect(powerControl.cancel(id, user.name)).toMatchObject({ state: 'idle' });
      await time.pass(3_600_000);
      expect(ran).toEqual([]);
      expect(types()).toEqual(['power_requested', 'power_confirmed', 'power_cancelled']);
      expect(() => powerControl.cancel(id, user.name)).toThrow(/has ended/);
    }
  });

  it('nothing happens while it is switched off, and switching it off ends what is open', async () => {
    const { powerControl, time, ran, ask, settings } = openControl();
    settings.enabled = false;
    expect(() => ask(anna())).toThrow(/switched off/);
    settings.enabled = true;
    const id = ask(anna());
    await powerControl.confirm(id, 'right', anna());
    settings.enabled = false;
    await expect(powerControl.confirm(id, 'right', anna())).rejects.toThrow(/switched off/);
    powerControl.onSettings();
    await time.pass(60_000);
    expect([ran, powerControl.state()]).toEqual([[], { state: 'idle', told: 'Server control was switched off.' }]);
  });

  it('wrong passwords end the request, and nobody confirms for another', async () => {
    const { powerControl, ran, time, ask } = openControl();
    const id = ask(anna());
    await expect(powerControl.confirm(id, 'right', anna('d9'))).rejects.toThrow(/only who asked/);
    for (let n = 0; n < MAX_WRONG; n += 1) await expect(powerControl.confirm(id, 'wrong', anna())).rejects.toThrow(/wrong/);
    await expect(powerControl.confirm(id, 'right', anna())).rejects.toThrow(/has ended/);
    await time.pass(60_000);
    expect(ran).toEqual([]);
  });

  it('who loses the right to watch loses the request as well', async () => {
    const { powerControl, time, ran, ask } = openControl();
    const id = ask(anna());
    await powerControl.confirm(id, 'right', anna());
    powerControl.onRevoked('d7');
    expect(powerControl.state().state).toBe('counting');
    powerControl.onRevoked('d1');
    await time.pass(60_000);
    expect([ran, powerControl.state().state]).toEqual([[], 'idle']);
  });

  it('a machine that slept through the moment is not restarted when it wakes', async () => {
    const { powerControl, time, ran, ask } = openControl();
    await powerControl.confirm(ask(anna()), 'right', anna());
    await time.pass(20_000);
    time.sleep(3_600_000);
    await time.pass(10_000);
    expect([ran, powerControl.state()]).toEqual([[], { state: 'idle', told: 'The machine slept meanwhile.' }]);
  });

  it('ends with the app, and one request at a time is enough', async () => {
    const { powerControl, time, ran, ask } = openControl();
    const id = ask(anna());
    expect(() => ask(PHONE)).toThrow(/another request is open/);
    await powerControl.confirm(id, 'right', anna());
    powerControl.close();
    await time.pass(60_000);
    expect(ran).toEqual([]);
  });

  it('a system that refuses, or takes the order and goes on, is told of', async () => {
    const refusing = openControl({ problem: 'Interactive authentication required.' });
    await refusing.powerControl.confirm(refusing.ask(anna()), 'right', anna());
    await refusing.time.pass(30_000);
    expect(refusing.powerControl.state()).toEqual({ state: 'idle', told: 'Interactive authentication required.' });
    expect(refusing.events.at(-1)).toMatchObject({ type: 'power_failed', severity: 'critical' });
    const stuck = openControl();
    await stuck.powerControl.confirm(stuck.ask(anna()), 'right', anna());
    await stuck.time.pass(30_000);
    await settle();
    expect(stuck.powerControl.state().state).toBe('started');
    await stuck.time.pass(120_000);
    expect(stuck.powerControl.state()).toMatchObject({ state: 'idle', told: expect.stringContaining('still running') });
    expect(stuck.ran).toHaveLength(1);
  });

  it('a password still being checked when the request is called off confirms nothing', async () => {
    const { powerControl, time, ran, ask } = openControl();
    let answer = (_right: boolean): void => undefined;
    const slow: PowerUser = { ...anna(), verify: () => new Promise((resolve) => { answer = resolve; }) };
    const id = ask(slow);
    const confirming = powerControl.confirm(id, 'right', slow);
    powerControl.cancel(id, DESKTOP.name);
    answer(true);
    await expect(confirming).rejects.toThrow(/has ended/);
    await time.pass(60_000);
    expect(ran).toEqual([]);
  });

  it.each([
    ['linux', {}, [['systemctl', '--no-ask-password', 'reboot'], ['systemctl', '--no-ask-password', 'poweroff']]],
    ['win32', { SystemRoot: 'D:\\Windows' }, [['D:\\Windows\\System32\\shutdown.exe', '/r', '/t', '0'], ['D:\\Windows\\System32\\shutdown.exe', '/s', '/t', '0']]],
    ['darwin', {}, [['/usr/bin/osascript', '-e', 'tell application "System Events" to restart'], ['/usr/bin/osascript', '-e', 'tell application "System Events" to shut down']]],
  ] as const)('on %s it is a program with arguments', (platform, env, [reboot, shutdown]) => {
    expect(commandsOf(platform, env)).toEqual({ reboot, shutdown });
  });

  it('whatever happens in whatever order, nothing runs but what was asked, confirmed and counted down', () => {
    const powerEvent = fc.oneof(
      fc.constantFrom<PowerEvent>({ kind: 'time' }, { kind: 'forbid', why: '' }),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'request', request: { id: `c${n}`, action: 'reboot', caller: 'd1', by: 'anna' } })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'confirm', id: `c${n}`, how: '', countdown: 30_000 })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'cancel', id: `c${n}`, why: '' })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'wrongPassword', id: `c${n}` })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'failed', id: `c${n}`, why: '' })),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ powerEvent, pause: fc.constantFrom(0, 1, 1000, 29_999, 30_000, 60_000, 3_600_000) }), { maxLength: 40 }), (steps) => {
        let machine: PowerMachine = IDLE;
        let now = 0;
        let confirmedAt: number | null = null;
        for (const { powerEvent: next, pause } of steps) {
          now += pause;
          const step = advance(machine, next, now);
          const ran = step.effects.filter(({ kind }) => kind === 'run');
          if (ran.length > 0) {
            expect(machine.state).toBe('counting');
            expect(next.kind).toBe('time');
            expect(now - (confirmedAt ?? now)).toBeGreaterThanOrEqual(30_000);
            expect(now - (confirmedAt ?? now)).toBeLessThanOrEqual(40_000);
          }
          if (!step.taken) expect(step.machine).toBe(machine);
          confirmedAt = step.machine.state === 'counting' ? (machine.state === 'counting' ? confirmedAt : now) : null;
          machine = step.machine;
        }
      }),
    );
  });
});
