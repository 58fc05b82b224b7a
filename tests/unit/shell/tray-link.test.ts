import { expect, it } from 'vitest';
import { createTrayLink } from '../../../src/main/shell/tray-link';

const LIVE = { readings: { cpu: { values: { usage: 12 }, devices: {} } }, faults: {}, paused: false };

it('shows nothing before the app is there, and follows it afterwards', () => {
  const link = createTrayLink();
  let changes = 0;
  const off = link.source.onChange(() => (changes += 1));
  expect(link.source.current()).toEqual({ readings: {}, faults: {}, paused: false });
  let change = (): void => undefined;
  link.connect(
    { current: () => LIVE, onChange: (listener) => ((change = listener), () => undefined) },
    { open: () => undefined, setPaused: () => undefined, quit: () => undefined },
  );
  expect(link.source.current()).toBe(LIVE);
  change();
  off();
  change();
  expect(changes).toBe(1);
});

it('keeps the last wish until the app can answer it, once', () => {
  const link = createTrayLink();
  const asked: string[] = [];
  link.actions.open('/cpu');
  link.actions.open('/disk');
  link.connect(
    { current: () => LIVE, onChange: () => () => undefined },
    { open: (path) => asked.push(`open ${path}`), setPaused: (on) => asked.push(`paused ${on}`), quit: () => asked.push('quit') },
  );
  link.actions.setPaused(true);
  link.actions.quit();
  expect(asked).toEqual(['open /disk', 'paused true', 'quit']);
});
