import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isSameStyle, toTrayIconStyle } from '../../../src/main/desktop/tray-icon-style';
import { followScale } from '../../../src/main/desktop/tray-scale';
import type { ScreenPart } from '../../../src/main/desktop/tray-scale';

/** A screen whose primary display has a scale. */
function createScreen() {
  const events = new EventEmitter();
  const world = { id: 1, scaleFactor: 1 };
  const screen = Object.assign(events, { getPrimaryDisplay: () => ({ ...world }) }) as unknown as ScreenPart;
  return { events, world, screen };
}

describe('the scale of the tray icon', () => {
  it('follows that of the primary display', () => {
    const { events, world, screen } = createScreen();
    const scales: number[] = [];
    const stop = followScale(screen, (scale) => scales.push(scale));
    events.emit('display-metrics-changed', {}, { id: 1, scaleFactor: 1.5 }, ['scaleFactor']);
    world.scaleFactor = 1.5;
    // Another display is no reason for another icon.
    events.emit('display-metrics-changed', {}, { id: 2, scaleFactor: 3 }, ['scaleFactor']);
    expect(scales).toEqual([1.5, 1.5]);
    // Docked: another display becomes the primary one.
    Object.assign(world, { id: 2, scaleFactor: 2 });
    events.emit('display-added', {}, { id: 2 });
    Object.assign(world, { id: 1, scaleFactor: 1.5 });
    events.emit('display-removed', {}, { id: 2 });
    expect(scales).toEqual([1.5, 1.5, 2, 1.5]);
    stop();
    expect(events.eventNames()).toEqual([]);
  });

  it('on Windows gives the one picture that is shown the size of a small icon at that scale', () => {
    const styles = [1, 1.25, 1.5, 1.75, 2, 3].map((scale) => toTrayIconStyle('win32', '', scale));
    expect(styles.map(({ size }) => size)).toEqual([16, 20, 24, 28, 32, 48]);
    expect(styles.every(({ scales }) => scales.join() === '1')).toBe(true);
    expect(toTrayIconStyle('darwin', '', 1.5)).toEqual({ size: 16, scales: [1, 2], scheme: 'template' });
  });

  it('changes the size of the icon on Linux and Windows, and nothing where the system chooses among sizes', () => {
    const differs = (platform: NodeJS.Platform, before: number, after: number): boolean => !isSameStyle(toTrayIconStyle(platform, '', before), toTrayIconStyle(platform, '', after));
    expect([differs('linux', 1, 1.5), differs('linux', 1, 1.01), differs('win32', 1, 1.5), differs('darwin', 1, 2)]).toEqual([true, false, true, false]);
    for (const odd of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 100]) {
      const { size } = toTrayIconStyle('linux', '', odd);
      expect([size >= 22, size <= 88, size % 2]).toEqual([true, true, 0]);
    }
  });
});
