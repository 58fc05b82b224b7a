import { expect, it } from 'vitest';
import { createDeferredTray } from '../../../src/main/desktop/deferred-tray';

const nothing = (): void => undefined;
const NO_ACTIONS = { open: nothing, setPaused: nothing, setSharing: nothing, acknowledge: nothing, snooze: nothing, unsnooze: nothing, quit: nothing };
const LIVE = { readings: { cpu: { values: { usage: 12 }, devices: {} } }, faults: {}, paused: false, incidents: [], snoozedAll: false, sharing: false };

it('shows nothing before the app is there, and follows it afterwards', () => {
  const link = createDeferredTray();
  let changes = 0;
  const off = link.source.onChange(() => (changes += 1));
  expect(link.source.current()).toEqual({ readings: {}, faults: {}, paused: false, incidents: [], snoozedAll: false, sharing: false });
  let change = (): void => undefined;
  link.connect(
    { current: () => LIVE, onChange: (listener) => ((change = listener), () => undefined) },
    NO_ACTIONS,
  );
  expect(link.source.current()).toBe(LIVE);
  change();
  off();
  change();
  expect(changes).toBe(1);
});

it('keeps the last wish until the app can answer it, once', () => {
  const link = createDeferredTray();
  const asked: string[] = [];
  link.actions.open('/cpu');
  link.actions.open('/disk');
  link.connect(
    { current: () => LIVE, onChange: () => () => undefined },
    {
      open: (path) => asked.push(`open ${path}`),
      setPaused: (on) => asked.push(`paused ${on}`),
      setSharing: (on) => asked.push(`sharing ${on}`),
      acknowledge: (id) => asked.push(`acknowledge ${id}`),
      snooze: ({ kind }, length) => asked.push(`snooze ${kind} ${length}`),
      unsnooze: () => asked.push('unsnooze'),
      quit: () => asked.push('quit'),
    },
  );
  link.actions.setPaused(true);
  link.actions.acknowledge('x');
  link.actions.snooze({ kind: 'all' }, '1h');
  link.actions.unsnooze();
  link.actions.quit();
  expect(asked).toEqual(['open /disk', 'paused true', 'acknowledge x', 'snooze all 1h', 'unsnooze', 'quit']);
});
