import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import { describe, expect, it } from 'vitest';
import { IDLE_UPDATE_INTERVAL, createTray, LEVEL_UPDATE_INTERVAL, TEXT_UPDATE_INTERVAL } from '../../../src/main/desktop/tray';
import type { TrayInput } from '../../../src/main/desktop/tray-model';
import type { Incident } from '../../../src/shared/alerts/incident';
import { targetKey } from '../../../src/shared/alerts/snooze';
import { incidentOf, NOON, ruleOf } from '../../support/alert-samples';

const open = (change: Partial<Incident> = {}): TrayInput['incidents'] => [{ incident: incidentOf(change), rule: ruleOf(), isSnoozed: false }];

/** A desktop that records the calls of the tray (`calls`) and the actions of its menu (`performed`). */
function createDesktop(scheme: 'panel' | 'template' = 'panel', platform: NodeJS.Platform = 'linux') {
  const calls: string[] = [];
  const performed: string[] = [];
  let menu: MenuItemConstructorOptions[] = [];
  let click: (() => void) | null = null;
  const places: (string | undefined)[] = [];
  let listener: (() => void) | null = null;
  let time = 0;
  let input: TrayInput = { paused: false, time: 0, readings: {}, faults: {}, lastKnown: {}, incidents: [], snoozedAll: false, sharing: false, update: null };
  class FakeTray {
    constructor(_image: unknown, place?: string) {
      places.push(place);
    }
    setImage = (): number => calls.push('image');
    setToolTip = (): number => calls.push('tooltip');
    setContextMenu = (): number => calls.push('menu');
    on = (_: string, handler: () => void): void => void (click = handler);
    destroy = (): number => calls.push('destroy');
  }
  const image = { addRepresentation: () => calls.push('drawn'), setTemplateImage: () => calls.push('template') };
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
    platform,
    actions: {
      open: (path) => performed.push(`open ${path ?? ''}`),
      setPaused: (paused) => performed.push(`paused ${paused}`),
      setSharing: (sharing) => performed.push(`sharing ${sharing}`),
      acknowledge: (incident) => performed.push(`acknowledge ${incident}`),
      snooze: (target, length) => performed.push(`snooze ${targetKey(target)} ${length}`),
      unsnooze: () => performed.push('unsnooze'),
      quit: () => performed.push('quit'),
    },
    now: () => time,
  });
  return {
    performed,
    handle,
    click: () => click?.(),
    hasClick: () => click !== null,
    places,
    labels: () => menu.map(({ label }) => label ?? '-'),
    /** Clicks a row, or one of its submenu. */
    choose: (start: string, below?: string) => {
      const row = menu.find(({ label }) => label?.startsWith(start));
      const rows = (row?.submenu ?? []) as MenuItemConstructorOptions[];
      const chosen = below === undefined ? row : rows.find(({ label }) => label?.startsWith(below));
      const click = chosen?.click as (() => void) | undefined;
      click?.();
    },
    /** The calls since the last time. */
    calls: () => calls.splice(0),
    tick: (usage: number, after = 1000, paused = false) => {
      time += after;
      input = { ...input, paused, readings: { cpu: { values: { usage }, devices: {} } } };
      listener?.();
    },
    /** Incidents or snoozes from the next tick on. */
    set: (change: Pick<TrayInput, 'incidents'> | Pick<TrayInput, 'snoozedAll'>) => {
      input = { ...input, ...change };
    },
  };
}

describe('createTray', () => {
  it('calls nothing while nothing changes', () => {
    const desktop = createDesktop();
    expect(desktop.calls()).toEqual(['drawn', 'drawn', 'tooltip', 'menu']);
    desktop.tick(12);
    expect(desktop.calls()).toEqual(['drawn', 'drawn', 'image', 'tooltip', 'menu']);
    for (let tick = 0; tick < 30; tick += 1) desktop.tick(12);
    expect(desktop.calls()).toEqual([]);
  });

  it('updates the texts at intervals, and at once with the state', () => {
    const desktop = createDesktop();
    desktop.tick(12);
    desktop.calls();
    desktop.tick(12.1);
    expect(desktop.calls()).toEqual([]);
    desktop.tick(21, TEXT_UPDATE_INTERVAL);
    expect(desktop.calls()).toContain('menu');
    // So small a change is sent only at the longer interval.
    desktop.tick(21.2, TEXT_UPDATE_INTERVAL);
    expect(desktop.calls()).toEqual([]);
    desktop.tick(12.2, IDLE_UPDATE_INTERVAL - TEXT_UPDATE_INTERVAL);
    expect(desktop.calls()).toContain('menu');
    desktop.tick(12.4, IDLE_UPDATE_INTERVAL);
    expect(desktop.calls()).toEqual(['tooltip', 'menu']);
    desktop.set({ incidents: open({ severity: 'warning' }) });
    desktop.tick(12.2);
    expect(desktop.calls()).toEqual(['drawn', 'drawn', 'image', 'tooltip', 'menu']);
    for (let tick = 0; tick < 5; tick += 1) desktop.tick(12.2);
    expect(desktop.calls()).toEqual([]);
    // Acknowledged: the icon loses its color and the texts say so, at once.
    desktop.set({ incidents: open({ severity: 'warning', acknowledgedAt: NOON }) });
    desktop.tick(12.2);
    expect(desktop.calls()).toEqual(['image', 'tooltip', 'menu']);
    desktop.tick(12.2, 10, true);
    expect(desktop.calls()).toContain('menu');
    expect(desktop.labels()).toContain('Resume monitoring');
  });

  it('draws each icon once', () => {
    const desktop = createDesktop('template');
    for (const usage of [10, 50, 10, 50, 10]) desktop.tick(usage, LEVEL_UPDATE_INTERVAL);
    const calls = desktop.calls();
    expect(calls.filter((word) => word === 'image')).toHaveLength(5);
    // Three icons, the one before the first value included, each at two scales.
    expect(calls.filter((word) => word === 'drawn')).toHaveLength(6);
    expect(calls.filter((word) => word === 'template')).toHaveLength(3);
  });

  it('limits the updates of a level that changes each second, and shows a severity at once', () => {
    const desktop = createDesktop();
    desktop.tick(10);
    desktop.calls();
    for (let tick = 0; tick < 30; tick += 1) desktop.tick(tick % 2 === 0 ? 60 : 10);
    const images = desktop.calls().filter((word) => word === 'image').length;
    expect(images).toBeGreaterThan(0);
    expect(images).toBeLessThanOrEqual(30_000 / LEVEL_UPDATE_INTERVAL);
    desktop.set({ incidents: open() });
    desktop.tick(10, 10);
    expect(desktop.calls()).toContain('image');
  });

  it('on macOS has one meaning per click, the menu, and keeps its place by a fixed name', () => {
    const mac = createDesktop('template', 'darwin');
    expect([mac.hasClick(), mac.places]).toEqual([false, [expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)]]);
    expect(createDesktop('template', 'darwin').places).toEqual(mac.places);
    for (const platform of ['linux', 'win32'] as const) {
      const other = createDesktop('panel', platform);
      expect([other.hasClick(), other.places]).toEqual([true, [undefined]]);
    }
  });

  it('performs the actions of clicks', () => {
    const desktop = createDesktop();
    desktop.tick(12);
    desktop.click();
    for (const row of ['CPU', 'Open', 'Pause', 'Quit']) desktop.choose(row);
    expect(desktop.performed).toEqual(['open ', 'open /cpu', 'open ', 'paused true', 'quit']);
  });

  it('opens the Overview, which lists the alerts, where an alert colors the icon, and else leaves the page as it is', () => {
    const desktop = createDesktop();
    desktop.tick(12);
    desktop.click();
    desktop.set({ incidents: open({ severity: 'warning' }) });
    desktop.click();
    desktop.set({ incidents: open({ acknowledgedAt: NOON }) });
    desktop.click();
    expect(desktop.performed).toEqual(['open ', 'open /', 'open ']);
  });

  it('performs commands on incidents, and opens the page at their time', () => {
    const desktop = createDesktop();
    desktop.set({ incidents: open() });
    desktop.tick(12);
    for (const row of ['View', 'Acknowledge', 'Snooze until resolved']) desktop.choose('CPU 12', row);
    desktop.choose('Snooze all', 'Snooze for 1 hour');
    desktop.set({ snoozedAll: true });
    desktop.tick(12, TEXT_UPDATE_INTERVAL);
    desktop.choose('End snooze');
    const [shown, ...rest] = desktop.performed;
    expect(shown).toMatch(/^open \/cpu\?range=1h&from=\d+&to=\d+&incident=[^&]+$/);
    expect(rest).toEqual([`acknowledge ${incidentOf().id}`, 'snooze series cpu cpu.usage recovery', 'snooze all 1h', 'unsnooze']);
  });

  it('is drawn again for another scale, and not for the same one', () => {
    const desktop = createDesktop();
    desktop.tick(0.3);
    desktop.calls();
    desktop.handle.setIconStyle({ size: 16, scales: [1, 2], scheme: 'panel' });
    expect(desktop.calls()).toEqual([]);
    desktop.handle.setIconStyle({ size: 24, scales: [1], scheme: 'panel' });
    expect(desktop.calls()).toEqual(['drawn', 'image']);
    // What is shown next has the new size, too.
    desktop.tick(0.3, 1000, true);
    expect(desktop.calls().slice(0, 2)).toEqual(['drawn', 'image']);
  });

  it('calls nothing once disposed', () => {
    const desktop = createDesktop();
    desktop.calls();
    desktop.handle.dispose();
    desktop.tick(95);
    expect(desktop.calls()).toEqual(['destroy']);
  });
});
