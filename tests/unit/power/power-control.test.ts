/** Remote restart and shutdown: the state machine and its timers; no test runs a command. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../../src/main/power/power-commands';
import { createPowerControl, LOCAL_USER_NAME } from '../../../src/main/power/power-control';
import type { PowerUser } from '../../../src/main/power/power-control';
import { advance, CONFIRM_TIMEOUT, IDLE, MAX_WRONG_PASSWORDS } from '../../../src/main/power/power-state-machine';
import type { PowerEvent, PowerMachine } from '../../../src/main/power/power-state-machine';
import { toNewEvent } from '../../../src/main/timeline/event-recorder';
import type { NewEvent } from '../../../src/shared/timeline/event-schemas';
import { FakeTime, settle } from '../../support/collectors';
import { repeatableRandom } from '../../support/access';

const LOCAL: PowerUser = { id: 'window:1', name: LOCAL_USER_NAME, isLocal: true, verify: null };
const anna = (id = 'd1'): PowerUser => ({ id, name: 'anna', isLocal: false, verify: (password) => Promise.resolve(password === 'right') });
const PHONE: PowerUser = { id: 'd2', name: 'Phone', isLocal: false, verify: null };

/** Power control whose runner records the commands instead of running them. */
function openPowerControl({ problem = null as string | null } = {}) {
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
  const requestAction = (user: PowerUser, action: 'reboot' | 'shutdown' = 'reboot'): string => {
    const state = powerControl.request(action, user);
    if (state.state !== 'pending') throw new Error(state.state);
    return state.id;
  };
  return { powerControl, time, ran, events, states, settings, requestAction, types: () => events.map(({ type }) => type) };
}

describe('remote restart', () => {
  it('is requested, confirmed with the password, counts down visibly, and runs the command once', async () => {
    const { powerControl, time, ran, states, requestAction, events } = openPowerControl();
    const id = requestAction(anna());
    const confirmed = await powerControl.confirm(id, 'right', anna());
    expect(confirmed).toMatchObject({ state: 'countdown', left: 30_000, until: time.wall + 30_000, by: 'anna' });
    await time.pass(29_999);
    expect(ran).toEqual([]);
    await time.pass(1);
    expect(ran).toEqual([['systemctl', '--no-ask-password', 'reboot']]);
    expect(states).toEqual(['pending', 'countdown', 'executing']);
    expect(events.map(({ message }) => message)).toEqual([
      'Restart requested by anna',
      'Restart requested by anna confirmed with the password of anna',
      'Restart started, requested by anna',
    ]);
  });

  it('a request of a paired browser is approved on the machine within a minute, or ends', async () => {
    const { powerControl, time, ran, requestAction } = openPowerControl();
    const id = requestAction(PHONE, 'shutdown');
    await expect(powerControl.confirm(id, 'right', PHONE)).rejects.toThrow(/on the machine/);
    expect(await powerControl.confirm(id, undefined, LOCAL)).toMatchObject({ state: 'countdown' });
    await time.pass(30_000);
    expect(ran).toEqual([['systemctl', '--no-ask-password', 'poweroff']]);
    const late = openPowerControl();
    const other = late.requestAction(PHONE);
    await late.time.pass(CONFIRM_TIMEOUT);
    await expect(late.powerControl.confirm(other, undefined, LOCAL)).rejects.toThrow(/has ended/);
    expect(late.powerControl.state()).toEqual({ state: 'idle', outcome: { action: 'reboot', result: 'cancelled', reason: 'Not confirmed in time.' } });
    await late.time.pass(3_600_000);
    expect(late.ran).toEqual([]);
  });

  it('can be cancelled on the machine and by the requester until the countdown ends', async () => {
    for (const user of [LOCAL, anna()]) {
      const { powerControl, time, ran, requestAction, types } = openPowerControl();
      const id = requestAction(anna());
      await powerControl.confirm(id, 'right', anna());
      await time.pass(29_999);
      expect(powerControl.cancel(id, user.name)).toMatchObject({ state: 'idle' });
      await time.pass(3_600_000);
      expect(ran).toEqual([]);
      expect(types()).toEqual(['power_requested', 'power_confirmed', 'power_cancelled']);
      expect(() => powerControl.cancel(id, user.name)).toThrow(/has ended/);
    }
  });

  it('accepts no request while it is turned off, and turning it off cancels the open one', async () => {
    const { powerControl, time, ran, requestAction, settings } = openPowerControl();
    settings.enabled = false;
    expect(() => requestAction(anna())).toThrow(/turned off/);
    settings.enabled = true;
    const id = requestAction(anna());
    await powerControl.confirm(id, 'right', anna());
    settings.enabled = false;
    await expect(powerControl.confirm(id, 'right', anna())).rejects.toThrow(/turned off/);
    powerControl.onSettings();
    await time.pass(60_000);
    expect([ran, powerControl.state()]).toEqual([[], { state: 'idle', outcome: { action: 'reboot', result: 'cancelled', reason: 'Remote restart was turned off.' } }]);
  });

  it('wrong passwords end the request, and nobody confirms the request of another user', async () => {
    const { powerControl, ran, time, requestAction } = openPowerControl();
    const id = requestAction(anna());
    await expect(powerControl.confirm(id, 'right', anna('d9'))).rejects.toThrow(/only the requester/);
    for (let n = 0; n < MAX_WRONG_PASSWORDS; n += 1) await expect(powerControl.confirm(id, 'wrong', anna())).rejects.toThrow(/incorrect/);
    await expect(powerControl.confirm(id, 'right', anna())).rejects.toThrow(/has ended/);
    await time.pass(60_000);
    expect(ran).toEqual([]);
  });

  it('a revoked requester loses the request', async () => {
    const { powerControl, time, ran, requestAction } = openPowerControl();
    const id = requestAction(anna());
    await powerControl.confirm(id, 'right', anna());
    powerControl.onRevoked('d7');
    expect(powerControl.state().state).toBe('countdown');
    powerControl.onRevoked('d1');
    await time.pass(60_000);
    expect([ran, powerControl.state().state]).toEqual([[], 'idle']);
  });

  it('a machine that slept past the end of the countdown is not restarted when it wakes', async () => {
    const { powerControl, time, ran, requestAction } = openPowerControl();
    await powerControl.confirm(requestAction(anna()), 'right', anna());
    await time.pass(20_000);
    time.sleep(3_600_000);
    await time.pass(10_000);
    expect([ran, powerControl.state()]).toEqual([[], { state: 'idle', outcome: { action: 'reboot', result: 'cancelled', reason: 'The machine was asleep when the countdown ended.' } }]);
  });

  it('takes one request at a time, and ends with the app', async () => {
    const { powerControl, time, ran, requestAction } = openPowerControl();
    const id = requestAction(anna());
    expect(() => requestAction(PHONE)).toThrow(/another request is open/);
    await powerControl.confirm(id, 'right', anna());
    powerControl.close();
    await time.pass(60_000);
    expect(ran).toEqual([]);
  });

  it('reports a system that refuses the command, or accepts it and keeps running', async () => {
    const refusing = openPowerControl({ problem: 'Interactive authentication required.' });
    await refusing.powerControl.confirm(refusing.requestAction(anna()), 'right', anna());
    await refusing.time.pass(30_000);
    expect(refusing.powerControl.state()).toEqual({ state: 'idle', outcome: { action: 'reboot', result: 'failed', reason: 'Interactive authentication required.' } });
    expect(refusing.events.at(-1)).toMatchObject({ type: 'power_failed', severity: 'critical' });
    const stuck = openPowerControl();
    await stuck.powerControl.confirm(stuck.requestAction(anna()), 'right', anna());
    await stuck.time.pass(30_000);
    await settle();
    expect(stuck.powerControl.state().state).toBe('executing');
    await stuck.time.pass(120_000);
    expect(stuck.powerControl.state()).toMatchObject({ state: 'idle', outcome: { result: 'failed', reason: expect.stringContaining('did not restart') } });
    expect(stuck.ran).toHaveLength(1);
  });

  it('a password still being checked when the request is cancelled confirms nothing', async () => {
    const { powerControl, time, ran, requestAction } = openPowerControl();
    let finishVerify = (_correct: boolean): void => undefined;
    const slow: PowerUser = { ...anna(), verify: () => new Promise((resolve) => { finishVerify = resolve; }) };
    const id = requestAction(slow);
    const confirming = powerControl.confirm(id, 'right', slow);
    powerControl.cancel(id, LOCAL.name);
    finishVerify(true);
    await expect(confirming).rejects.toThrow(/has ended/);
    await time.pass(60_000);
    expect(ran).toEqual([]);
  });

  it.each([
    ['linux', {}, [['systemctl', '--no-ask-password', 'reboot'], ['systemctl', '--no-ask-password', 'poweroff']]],
    ['win32', { SystemRoot: 'D:\\Windows' }, [['D:\\Windows\\System32\\shutdown.exe', '/r', '/t', '0'], ['D:\\Windows\\System32\\shutdown.exe', '/s', '/t', '0']]],
    ['darwin', {}, [['/usr/bin/osascript', '-e', 'tell application "System Events" to restart'], ['/usr/bin/osascript', '-e', 'tell application "System Events" to shut down']]],
  ] as const)('on %s the command is a program with arguments', (platform, env, [reboot, shutdown]) => {
    expect(commandsOf(platform, env)).toEqual({ reboot, shutdown });
  });

  it('whatever the order of events, nothing runs that was not requested, confirmed and counted down', () => {
    const event = fc.oneof(
      fc.constantFrom<PowerEvent>({ kind: 'time' }, { kind: 'forbid', reason: '' }),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'request', request: { id: `c${n}`, action: 'reboot', caller: 'd1', by: 'anna' } })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'confirm', id: `c${n}`, how: '', countdown: 30_000 })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'cancel', id: `c${n}`, by: '' })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'wrongPassword', id: `c${n}` })),
      fc.nat(2).map((n): PowerEvent => ({ kind: 'failed', id: `c${n}`, reason: '' })),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ event, pause: fc.constantFrom(0, 1, 1000, 29_999, 30_000, 60_000, 3_600_000) }), { maxLength: 40 }), (steps) => {
        let machine: PowerMachine = IDLE;
        let now = 0;
        let confirmedAt: number | null = null;
        for (const { event, pause } of steps) {
          now += pause;
          const step = advance(machine, event, now);
          const ran = step.effects.filter(({ kind }) => kind === 'run');
          if (ran.length > 0) {
            expect(machine.state).toBe('countdown');
            expect(event.kind).toBe('time');
            expect(now - (confirmedAt ?? now)).toBeGreaterThanOrEqual(30_000);
            expect(now - (confirmedAt ?? now)).toBeLessThanOrEqual(40_000);
          }
          if (!step.accepted) expect(step.machine).toBe(machine);
          confirmedAt = step.machine.state === 'countdown' ? (machine.state === 'countdown' ? confirmedAt : now) : null;
          machine = step.machine;
        }
      }),
    );
  });
});
