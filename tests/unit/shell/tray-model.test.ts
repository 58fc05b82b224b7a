import { describe, expect, it } from 'vitest';
import { TOOLTIP_LENGTH, toTrayState, toTrayTexts } from '../../../src/main/shell/tray-model';
import type { MenuRow, TrayInput } from '../../../src/main/shell/tray-model';
import type { Reading } from '../../../src/shared/metrics/reading';

const HOST = { hostname: 'box' };
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

function reading(values: Record<string, number | null>, devices: Reading['devices'] = {}): Reading {
  return { values, devices };
}

function mount(label: string, usage: number | null, inodeUsage: number | null = 3): Reading['devices'][string] {
  return { label, values: { usage, inodeUsage } };
}

const OK: TrayInput = {
  paused: false,
  faults: {},
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

function kinds(rows: readonly MenuRow[]): string[] {
  return rows.map(({ kind }) => kind);
}

describe('the words of the tray', () => {
  it('shows live values in the order of the families and names the fullest of two mounts', () => {
    expect(values(OK)).toEqual([
      'CPU  12.3 %',
      'Memory  41.0 % · 6.10 GiB of 16.0 GiB',
      'Disk space  /home 61.0 %',
      'Network  ↓ 2.00 KiB/s  ↑ 0 B/s',
    ]);
    expect(plain(toTrayTexts(OK, HOST).tooltip)).toBe('box · CPU 12.3 % · Memory 41.0 %');
  });

  it('shows dashes where nothing has been read', () => {
    const empty: TrayInput = { paused: false, readings: {}, faults: {} };
    expect(values(empty)).toEqual(['CPU  –', 'Memory  –', 'Disk space  –', 'Network  –']);
    expect(toTrayTexts(empty, HOST).tooltip).toBe('box · CPU – · Memory –');
    expect(toTrayState(empty)).toEqual({ load: null, severity: 'unknown', paused: false });
  });

  it('shows a dash for a missing value among others', () => {
    const input: TrayInput = { ...OK, readings: { cpu: reading({ usage: null }), memory: reading({ usage: 5, used: null, total: null }) } };
    expect(values(input).slice(0, 2)).toEqual(['CPU  –', 'Memory  5.0 % · – of –']);
  });

  it('names the worst thing: a mount rather than the family, critical before warning', () => {
    const disk = reading({ usage: 96 }, { a: mount('/', 75), b: mount('/home', 96) });
    const input: TrayInput = { ...OK, readings: { ...OK.readings, cpu: reading({ usage: 80 }), disk } };
    expect(plain(toTrayTexts(input, HOST).tooltip)).toBe('box · CPU 80.0 % · Memory 41.0 %\nDisk space critical: /home 96.0 %');
    expect(values(input)).toContain('CPU  80.0 %  (warning)');
    expect(toTrayState(input).severity).toBe('critical');
  });

  it('says which metric it is where that is not the plain one', () => {
    const disk = reading({ usage: 50, inodeUsage: 92 }, { a: mount('/var', 50, 92) });
    const memory = reading({ usage: 50, used: 1, total: 2, swapUsage: 85 });
    const tooltip = (readings: TrayInput['readings']): string => plain(toTrayTexts({ ...OK, readings }, HOST).tooltip);
    expect(tooltip({ disk })).toContain('Disk space critical: /var, inode usage 92.0 %');
    expect(tooltip({ memory })).toContain('Memory warning: swap usage 85.0 %');
  });

  it('adds a row for any other family while it has trouble, by the device’s own limits', () => {
    const limits = { warning: 80, critical: 95 };
    const temperature = reading({ hottest: 97 }, { p: { label: 'Package', values: { value: 97 }, limits } });
    expect(values({ ...OK, readings: { temperature } })).toContain('Temperature  Package 97.0 °C  (critical)');
  });

  it('says so when a family of the menu cannot be read, but leaves the others alone', () => {
    const fault = { kind: 'Timeout', message: 'no answer' } as const;
    const { disk: _, ...readings } = OK.readings;
    expect(toTrayTexts({ ...OK, readings, faults: { disk: fault } }, HOST).tooltip).toContain('Disk space cannot be read: Timeout');
    expect(toTrayTexts({ ...OK, faults: { temperature: fault } }, HOST).tooltip).not.toContain('cannot be read');
  });

  it('shows no values while paused, and offers to resume', () => {
    const texts = toTrayTexts({ ...OK, paused: true }, HOST);
    expect(kinds(texts.menu)).toEqual(['note', 'separator', 'open', 'resume', 'separator', 'quit']);
    expect(texts.tooltip).toBe('box · monitoring is paused');
    expect(toTrayState({ ...OK, paused: true }).load).toBeNull();
  });

  it('keeps the tooltip within the length Windows shows, and the trouble whole', () => {
    const disk = reading({ usage: 96 }, { a: mount(`/mnt/${'x'.repeat(200)}`, 96) });
    const { tooltip } = toTrayTexts({ ...OK, readings: { ...OK.readings, disk } }, { hostname: 'h'.repeat(200) });
    expect(tooltip.length).toBeLessThanOrEqual(TOOLTIP_LENGTH);
    expect(plain(tooltip)).toMatch(/…x+ 96\.0 %$/);
  });
});
