import { expect, it } from 'vitest';
import { createDeferredTray } from '../../../src/main/desktop/deferred-tray';

const nothing = (): void => undefined;
const NO_ACTIONS = { open: nothing, setPaused: nothing, setSharing: nothing, acknowledge: nothing, snooze: nothing, unsnooze: nothing, quit: nothing };
const LIVE = { readings: { cpu: { values: { usage: 12 }, devices: {} } }, faults: {}, lastKnown: {}, time: 0, paused: false, incidents: [], snoozedAll: false, sharing: false, update: null };

it('shows nothing before it is connected, and follows the source afterwards', () => {
  const deferredTray = createDeferredTray();
  let changes = 0;
  const off = deferredTray.source.onChange(() => (changes += 1));
  expect(deferredTray.source.current()).toEqual({ time: 0, readings: {}, faults: {}, lastKnown: {}, paused: false, incidents: [], snoozedAll: false, sharing: false, update: null });
  let change = (): void => undefined;
  deferredTray.connect(
    { current: () => LIVE, onChange: (listener) => ((change = listener), () => undefined) },
    NO_ACTIONS,
  );
  expect(deferredTray.source.current()).toBe(LIVE);
  change();
  off();
  change();
  expect(changes).toBe(1);
});

it('performs the last action chosen before it is connected, once', () => {
  const deferredTray = createDeferredTray();
  const performed: string[] = [];
  deferredTray.actions.open('/cpu');
  deferredTray.actions.open('/disk');
  deferredTray.connect(
    { current: () => LIVE, onChange: () => () => undefined },
    {
      open: (path) => performed.push(`open ${path}`),
      setPaused: (on) => performed.push(`paused ${on}`),
      setSharing: (on) => performed.push(`sharing ${on}`),
      acknowledge: (id) => performed.push(`acknowledge ${id}`),
      snooze: ({ kind }, length) => performed.push(`snooze ${kind} ${length}`),
      unsnooze: () => performed.push('unsnooze'),
      quit: () => performed.push('quit'),
    },
  );
  deferredTray.actions.setPaused(true);
  deferredTray.actions.acknowledge('x');
  deferredTray.actions.snooze({ kind: 'all' }, '1h');
  deferredTray.actions.unsnooze();
  deferredTray.actions.quit();
  expect(performed).toEqual(['open /disk', 'paused true', 'acknowledge x', 'snooze all 1h', 'unsnooze', 'quit']);
});
