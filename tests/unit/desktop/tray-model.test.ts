import { describe, expect, it } from 'vitest';
import { TOOLTIP_LENGTH, toTrayState, toTrayTexts } from '../../../src/main/desktop/tray-model';
import type { TrayIncident } from '../../../src/main/desktop/tray-alerts';
import type { MenuRow, TrayInput } from '../../../src/main/desktop/tray-model';
import type { Incident } from '../../../src/shared/alerts/incident';
import type { Reading } from '../../../src/shared/metrics/reading';
import { incidentOf, NOON, ruleOf } from '../../support/alert-samples';

const HOST = { hostname: 'box' };
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

function reading(values: Record<string, number | null>, devices: Reading['devices'] = {}): Reading {
  return { values, devices };
}

function mount(label: string, usage: number | null, inodeUsage: number | null = 3): Reading['devices'][string] {
  return { label, values: { usage, inodeUsage } };
}

const OK: TrayInput = {
  incidents: [],
  snoozedAll: false,
  sharing: false,
  update: null,
  paused: false,
  time: NOON,
  faults: {},
  lastKnown: {},
  readings: {
    cpu: reading({ usage: 12.3 }),
    memory: reading({ usage: 41, used: 6.1 * 2 ** 30, total: 16 * 2 ** 30 }),
    disk: reading({ usage: 61 }, { a: mount('/', 50), b: mount('/home', 61) }),
    network: reading({ rx: 2048, tx: 0 }),
    uptime: reading({ system: 99 }),
  },
};

function values(input: TrayInput): string[] {
  return toTrayTexts(input, HOST).menu.flatMap((row) => (row.kind === 'value' ? [plain(row.text)] : []));
}

function alert(change: Partial<Incident> = {}, isSnoozed = false): TrayIncident {
  return { incident: incidentOf(change), rule: ruleOf(), isSnoozed };
}

/** The texts of rows and their submenus. */
function outline(rows: readonly MenuRow[]): unknown[] {
  return rows.map((row) => (row.kind === 'separator' ? '-' : row.kind === 'submenu' ? [plain(row.text), ...outline(row.rows)] : plain(row.text)));
}

const home = { ruleId: 'disk', series: 'disk.usage@b', device: 'b', deviceLabel: '/home' };

function kinds(rows: readonly MenuRow[]): string[] {
  return rows.map(({ kind }) => kind);
}

describe('the tray model', () => {
  it('counts what there are several of, where there is any', () => {
    const withServices = (up: number | null, down: number | null): TrayInput => ({ ...OK, readings: { ...OK.readings, service: reading({ up, down, networkLost: null }) } });
    expect(values(withServices(3, 1))).toContain('Services  3 up, 1 down');
    expect(values(withServices(4, 0))).toContain('Services  4 up');
    expect(values(withServices(0, 0))).toContain('Services  0 up, 0 down');
    expect(values(withServices(null, null)).join()).not.toContain('Services');
  });

  it('shows current values in the order of the families, and the name of the fullest of two mounts', () => {
    expect(values(OK)).toEqual([
      'CPU  12.3 %',
      'Memory  41.0 % · 6.10 GiB of 16.0 GiB',
      'Disk space  /home 61.0 %',
      'Network  ↓ 2.00 KiB/s  ↑ 0 B/s',
    ]);
    expect(plain(toTrayTexts(OK, HOST).tooltip)).toBe('box · CPU 12.3 % · Memory 41.0 %');
  });

  it('says that it is collecting where nothing has been read', () => {
    const empty: TrayInput = { paused: false, time: 0, readings: {}, faults: {}, lastKnown: {}, incidents: [], snoozedAll: false, sharing: false, update: null };
    expect(values(empty)).toEqual(['CPU  collecting…', 'Memory  collecting…', 'Disk space  collecting…', 'Network  collecting…']);
    expect(toTrayTexts(empty, HOST).tooltip).toBe('box · collecting the first readings');
    const first: TrayInput = { ...OK, readings: { ...OK.readings, cpu: { ...reading({ usage: null }), isFirst: true } } };
    expect(values(first)[0]).toBe('CPU  collecting…');
    expect(plain(toTrayTexts(first, HOST).tooltip)).toBe('box · Memory 41.0 %');
    expect(toTrayState(empty)).toEqual({ load: null, health: { severity: 'unknown', mark: 'unknown' }, paused: false, incidents: [] });
  });

  it('shows a dash for a missing value among others', () => {
    const input: TrayInput = { ...OK, readings: { cpu: reading({ usage: null }), memory: reading({ usage: 5, used: null, total: null }) } };
    expect(values(input).slice(0, 2)).toEqual(['CPU  –', 'Memory  5.0 % · – of –']);
  });

  it('names the most severe incident with its current value, and counts the others', () => {
    const incidents = [alert({ severity: 'warning' }), alert(home), alert({ series: 'memory.usage', severity: 'warning', firedAt: NOON + 1 })];
    const input: TrayInput = { ...OK, incidents };
    expect(plain(toTrayTexts(input, HOST).tooltip)).toBe('box · CPU 12.3 % · Memory 41.0 %\nCritical: Disk space /home 61 %, and 2 more');
    expect(toTrayState(input).health).toEqual({ severity: 'critical', mark: 'critical' });
  });

  it('names acknowledged incidents, without their severity in the icon', () => {
    const input: TrayInput = { ...OK, incidents: [alert({ acknowledgedAt: NOON })] };
    expect(toTrayState(input).health).toEqual({ severity: 'critical', mark: 'healthy' });
    expect(plain(toTrayTexts(input, HOST).tooltip)).toContain('Critical: CPU 12.3 % (acknowledged)');
    expect(plain(JSON.stringify(outline(toTrayTexts(input, HOST).menu)))).toContain('CPU 12.3 %  (acknowledged)');
    const both: TrayInput = { ...OK, incidents: [alert({ acknowledgedAt: NOON }), alert({ ...home, severity: 'warning' })] };
    expect(toTrayState(both).health).toEqual({ severity: 'critical', mark: 'warning' });
    expect(plain(toTrayTexts(both, HOST).tooltip)).toContain('Critical: CPU 12.3 % (acknowledged), and 1 more');
  });

  it('has the commands of each incident, the most severe first', () => {
    const menu = toTrayTexts({ ...OK, incidents: [alert({ severity: 'warning' }, true), alert(home)] }, HOST).menu;
    expect(outline(menu).slice(0, 3)).toEqual([
      ['Disk space /home 61 %  (critical)', 'View', 'Acknowledge', 'Snooze for 15 minutes', 'Snooze for 1 hour', 'Snooze for 4 hours', 'Snooze until tomorrow', 'Snooze until resolved'],
      ['CPU 12.3 %  (snoozed)', 'View', 'Acknowledge'],
      '-',
    ]);
    expect(outline(menu)).toContainEqual(['Snooze all', 'Snooze for 15 minutes', 'Snooze for 1 hour', 'Snooze for 4 hours', 'Snooze until tomorrow', 'Snooze until all resolved']);
    expect(outline(toTrayTexts({ ...OK, snoozedAll: true }, HOST).menu)).toContain('End snooze');
  });

  it('lists a few of many', () => {
    const incidents = Array.from({ length: 40 }, (_, index) => alert({ ...home, series: `disk.usage@${index}`, deviceLabel: `/${index}` }));
    const rows = toTrayTexts({ ...OK, incidents }, HOST).menu;
    expect(kinds(rows).filter((kind) => kind === 'submenu')).toHaveLength(9);
    expect(outline(rows)).toContain('and 32 more');
  });

  it('says that a device has no value now, with the last known one, and the label of an unknown metric', () => {
    expect(plain(toTrayTexts({ ...OK, incidents: [alert({ ...home, series: 'disk.usage@x' })] }, HOST).tooltip)).toContain('Critical: Disk space /home: no value now, last 97 %');
    expect(plain(toTrayTexts({ ...OK, incidents: [alert({ series: 'gone.metric' })] }, HOST).tooltip)).toContain('Critical: CPU busy 97');
  });

  it('reports a family of the menu that cannot be read, and ignores other families', () => {
    const [at, time] = [new Date(2026, 10, 30, 7, 31).getTime(), new Date(2026, 10, 30, 9).getTime()];
    const fault = { kind: 'Timeout', message: 'no answer', since: at, nextAt: null } as const;
    const { disk, ...readings } = OK.readings;
    const last = disk === undefined ? {} : { disk: { reading: disk, readAt: at - 60_000 } };
    expect(values({ ...OK, time, readings, faults: { disk: fault } })[2]).toBe('Disk space  cannot be read since 07:31');
    expect(values({ ...OK, time, readings, faults: { disk: fault }, lastKnown: last })[2]).toBe('Disk space  cannot be read, /home 61.0 % at 07:30');
    const { cpu: _, ...others } = readings;
    expect(plain(toTrayTexts({ ...OK, time, readings: others, faults: { cpu: fault } }, HOST).tooltip)).toBe('box · CPU not read · Memory 41.0 %\nCPU cannot be read since 07:31: Timed out');
    expect(toTrayTexts({ ...OK, time, readings, faults: { disk: fault } }, HOST).tooltip).toContain('Disk space cannot be read since 07:31: Timed out');
    expect(toTrayTexts({ ...OK, faults: { temperature: fault } }, HOST).tooltip).not.toContain('cannot be read');
  });

  it('shows no values while paused, and the command to resume', () => {
    const texts = toTrayTexts({ ...OK, time: new Date(2026, 10, 30, 7, 36).getTime(), paused: true }, HOST);
    expect(kinds(texts.menu)).toEqual(['note', 'separator', 'open', 'resume', 'share', 'separator', 'quit']);
    expect(texts.tooltip).toBe('box · monitoring is paused since 2026-11-30 07:36');
    expect(toTrayState({ ...OK, paused: true }).load).toBeNull();
  });

  it('lists no incidents while paused, but the command to end a snooze', () => {
    const texts = toTrayTexts({ ...OK, paused: true, snoozedAll: true, incidents: [alert()] }, HOST);
    expect(kinds(texts.menu)).toEqual(['note', 'separator', 'open', 'unsnooze', 'resume', 'share', 'separator', 'quit']);
  });

  it('limits the tooltip to the length Windows shows, with the complete incident', () => {
    const incidents = [alert({ ...home, deviceLabel: `/mnt/${'x'.repeat(200)}` })];
    const { tooltip } = toTrayTexts({ ...OK, incidents }, { hostname: 'h'.repeat(200) });
    expect(tooltip.length).toBeLessThanOrEqual(TOOLTIP_LENGTH);
    expect(plain(tooltip)).toMatch(/…x+ 61 %$/);
  });
});

describe('other machines in the tray', () => {
  const elsewhere = { machine: 'nas', label: 'Disk space', deviceLabel: '/srv', severity: 'critical', acknowledgedAt: null, firedAt: 1, more: 2 } as const;

  it('names the machine of the worst incident, and shows its mark', () => {
    const input: TrayInput = { ...OK, incidents: [], elsewhere };
    expect(toTrayTexts(input, { hostname: 'desk' }).tooltip).toContain('Critical: Disk space /srv on nas, and 2 more');
    expect(toTrayTexts(input, { hostname: 'desk' }).menu[0]).toEqual({ kind: 'open', text: 'Disk space /srv on nas, and 2 more  (critical)' });
    expect(toTrayState(input).health).not.toEqual(toTrayState({ ...OK, incidents: [] }).health);
  });
});
