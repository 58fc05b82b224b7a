/** Power events of the desktop, as the sampler and the store need them. */
import { EventEmitter } from 'node:events';
import type { PowerMonitor } from 'electron';
import { expect, it } from 'vitest';
import { followPowerEvents } from '../../../src/main/desktop/power-events';

/** A monitor, and what was called. */
function desktop(onBattery = false) {
  const events = Object.assign(new EventEmitter(), { isOnBatteryPower: () => onBattery });
  const calls: string[] = [];
  followPowerEvents(events as unknown as PowerMonitor, {
    onSuspend: () => calls.push('suspend'),
    onResume: () => calls.push('resume'),
    onAwake: () => calls.push('awake'),
    onPowerSaving: (on) => calls.push(on ? 'saving' : 'full'),
    onShutdown: () => calls.push('shutdown'),
  });
  const emit = (name: string): string[] => {
    events.emit(name);
    return calls.splice(0);
  };
  return { calls, emit };
}

it('sleep, waking and shutdown are passed on', () => {
  const { emit } = desktop();
  emit('');
  expect(['suspend', 'resume', 'shutdown'].map(emit)).toEqual([['suspend'], ['resume'], ['shutdown']]);
});

it('battery and lock save power, each until it ends', () => {
  const { calls, emit } = desktop(true);
  expect(calls.splice(0)).toEqual(['saving']);
  expect([emit('lock-screen'), emit('on-battery')]).toEqual([['saving'], ['saving']]);
  expect(emit('on-ac')).toEqual(['saving', 'awake']);
  expect(emit('unlock-screen')).toEqual(['full', 'awake']);
});

it('what does not happen to a machine asleep says that it is awake, after the intervals are set; nothing else does', () => {
  const { emit } = desktop();
  const names = ['suspend', 'resume', 'shutdown', 'on-battery', 'lock-screen', 'on-ac', 'unlock-screen'];
  expect(names.filter((name) => emit(name).at(-1) === 'awake')).toEqual(['on-ac', 'unlock-screen']);
});
