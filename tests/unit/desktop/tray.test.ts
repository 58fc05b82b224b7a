import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import { describe, expect, it } from 'vitest';
import { IDLE_UPDATE_INTERVAL, createTray, LEVEL_UPDATE_INTERVAL, TEXT_UPDATE_INTERVAL } from '../../../src/main/desktop/tray';
import type { TrayInput } from '../../../src/main/desktop/tray-model';
import type { Incident } from '../../../src/shared/alerts/incident';
import { targetKey } from '../../../src/shared/alerts/snooze';
import { incidentOf, NOON, ruleOf } from '../../support/alert-samples';

const open = (change: Partial<Incident> = {}): TrayInput['incidents'] => [{ incident: incidentOf(change), rule: ruleOf(), isSnoozed: false }];

/** A desktop that writes down what it is told. */
function createDesktop(scheme: 'panel' | 'template' = 'panel') {
  const told: string[] = [];
  const asked: string[] = [];
  let menu: MenuItemConstructorOptions[] = [];
  let click: () => void = () => undefined;
  let listener: (() => void) | null = null;
  let time = 0;
  let input: TrayInput = { paused: false, readings: {}, faults: {}, incidents: [], snoozedAll: false, sharing: false };
  class FakeTray {
    setImage = (): number => told.push('image');
    setToolTip = (): number => told.push('tooltip');
    setContextMenu = (): number => told.push('menu');
    on = (_: string, handler: () => void): void => void (click = handler);
    destroy = (): number => told.push('destroy');
  }
  const image = { addRepresentation: () => told.push('drawn'), setTemplateImage: () => told.push('template') };
  const handle = createTray({
    electron: {
      Tray: FakeTray as unknown as new (image: NativeImage) => Tray,
      Menu: {
        buildFromTemplate: (template) => {
          menu = template;
          return { on: () => undefined } as unknown as Menu;
        },
      },
      nativeImage: { createEmpty: () => image as unknown as NativeImage },
    },
    source: {
      current: () => input,
      onChange: (call) => {
        listener = call;
        return () => {
          listener = null;
        };
      },
    },
    host: { hostname: 'box' },
    iconStyle: { size: 16, scales: [1, 2], scheme },
    actions: {
      open: (path) => asked.push(`open ${path ?? ''}`),
      setPaused: (paused) => asked.push(`paused ${paused}`),
      setSharing: (sharing) => asked.push(`sharing ${sharing}`),
      acknowledge: (incident) => asked.push(`acknowledge ${incident}`),
      snooze: (target, length) => asked.push(`snooze ${targetKey(target)} ${length}`),
      unsnooze: () => asked.push('unsnooze'),
      quit: () => asked.push('quit'),
    },
    now: () => time,
  });
  return {
    asked,
    handle,
    click: () => click(),
    labels: () => menu.map(({ label }) => label ?? '-'),
    /** Chooses a row, or one below it. */
    choose: (start: string, below?: string) => {
      const row = menu.find(({ label }) => label?.startsWith(start));
      const rows = (row?.submenu ?? []) as MenuItemConstructorOptions[];
      const chosen = below === undefined ? row : rows.find(({ label }) => label?.startsWith(below));
      const click = chosen?.click as (() => void) | undefined;
      click?.();
    },
    /** What the desktop was told since the last time. */
    told: () => told.splice(0),
    tick: (usage: number, after = 1000, paused = false) => {
      time += after;
      input = { ...input, paused, readings: { cpu: { values: { usage }, devices: {} } } };
      listener?.();
    },
    /** What lasts from the next tick on. */
    set: (change: Pick<TrayInput, 'incidents'> | Pick<TrayInput, 'snoozedAll'>) => {
      input = { ...input, ...change };
    },
  };
}

describe('createTray', () => {
  it('leaves the desktop alone while nothing changes', () => {
    const desktop = createDesktop();
    expect(desktop.told()).toEqual(['drawn', 'drawn', 'tooltip', 'menu']);
    desktop.tick(12);
    expect(desktop.told()).toEqual(['drawn', 'drawn', 'image', 'tooltip', 'menu']);
    for (let tick = 0; tick < 30; tick += 1) desktop.tick(12);
    expect(desktop.told()).toEqual([]);
  });

  it('changes the words at their pace, and at once with the state', () => {
    const desktop = createDesktop();
    desktop.tick(12);
    desktop.told();
    desktop.tick(12.1);
    expect(desktop.told()).toEqual([]);
    desktop.tick(21, TEXT_UPDATE_INTERVAL);
    expect(desktop.told()).toContain('menu');
    // So little is not worth it, until it is an age ago.
    desktop.tick(21.2, TEXT_UPDATE_INTERVAL);
    expect(desktop.told()).toEqual([]);
    desktop.tick(12.2, IDLE_UPDATE_INTERVAL - TEXT_UPDATE_INTERVAL);
    expect(desktop.told()).toContain('menu');
    desktop.tick(12.4, IDLE_UPDATE_INTERVAL);
    expect(desktop.told()).toEqual(['tooltip', 'menu']);
    desktop.set({ incidents: open({ severity: 'warning' }) });
    desktop.tick(12.2);
    expect(desktop.told()).toEqual(['drawn', 'drawn', 'image', 'tooltip', 'menu']);
    for (let tick = 0; tick < 5; tick += 1) desktop.tick(12.2);
    expect(desktop.told()).toEqual([]);
    // Acknowledged: the icon holds on for a moment, the words do not.
    desktop.set({ incidents: open({ severity: 'warning', acknowledgedAt: NOON }) });
    desktop.tick(12.2);
    expect(desktop.told()).toEqual(['tooltip', 'menu']);
    desktop.tick(12.2, 10, true);
    expect(desktop.told()).toContain('menu');
    expect(desktop.labels()).toContain('Resume monitoring');
  });

  it('draws each look once', () => {
    const desktop = createDesktop('template');
    for (const usage of [10, 50, 10, 50, 10]) desktop.tick(usage, LEVEL_UPDATE_INTERVAL);
    const told = desktop.told();
    expect(told.filter((word) => word === 'image')).toHaveLength(5);
    // Three looks, the one before the first value included, each at two scales.
    expect(told.filter((word) => word === 'drawn')).toHaveLength(6);
    expect(told.filter((word) => word === 'template')).toHaveLength(3);
  });

  it('sends a level that changes each second once in a while, and a severity at once', () => {
    const desktop = createDesktop();
    desktop.tick(10);
    desktop.told();
    for (let tick = 0; tick < 30; tick += 1) desktop.tick(tick % 2 === 0 ? 60 : 10);
    const images = desktop.told().filter((word) => word === 'image').length;
    expect(images).toBeGreaterThan(0);
    expect(images).toBeLessThanOrEqual(30_000 / LEVEL_UPDATE_INTERVAL);
    desktop.set({ incidents: open() });
    desktop.tick(10, 10);
    expect(desktop.told()).toContain('image');
  });

  it('turns clicks into actions', () => {
    const desktop = createDesktop();
    desktop.tick(12);
    desktop.click();
    for (const row of ['CPU', 'Open', 'Pause', 'Quit']) desktop.choose(row);
    expect(desktop.asked).toEqual(['open ', 'open /cpu', 'open ', 'paused true', 'quit']);
  });

  it('acts on incidents, at the moment they are about', () => {
    const desktop = createDesktop();
    desktop.set({ incidents: open() });
    desktop.tick(12);
    for (const row of ['Show', 'Acknowledge', 'Snooze until it recovers']) desktop.choose('CPU 12', row);
    desktop.choose('Snooze all', 'Snooze for 1 hour');
    desktop.set({ snoozedAll: true });
    desktop.tick(12, TEXT_UPDATE_INTERVAL);
    desktop.choose('End snooze');
    const [shown, ...rest] = desktop.asked;
    expect(shown).toMatch(/^open \/cpu\?range=1h&from=\d+&to=\d+$/);
    expect(rest).toEqual([`acknowledge ${incidentOf().id}`, 'snooze series cpu cpu.usage recovery', 'snooze all 1h', 'unsnooze']);
  });

  it('is silent once disposed of', () => {
    const desktop = createDesktop();
    desktop.told();
    desktop.handle.dispose();
    desktop.tick(95);
    expect(desktop.told()).toEqual(['destroy']);
  });
});
