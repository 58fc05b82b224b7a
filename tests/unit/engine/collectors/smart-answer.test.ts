/** What smartctl prints, understood. The files are in tests/fixtures/health/smartctl; README.md there says which were recorded. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDrive, parseScan } from '../../../../src/main/engine/collectors/smart-answer';

const FOLDER = join(import.meta.dirname, '../../../fixtures/health/smartctl');
const answer = (name: string): string => readFileSync(join(FOLDER, `${name}.json`), 'utf8');
const HOURS = 3600;

describe('the health of a drive', () => {
  const healthOf = (name: string) => {
    const found = parseDrive(answer(name));
    return found.kind === 'health' ? found.health : found;
  };

  it('of NVMe is in its log: wear, spare, errors', () => {
    expect(healthOf('nvme')).toEqual({
      model: 'Example NVMe 1TB',
      serial: 'S0MESER1ALNVME01',
      type: 'nvme',
      kind: 'NVMe',
      problem: null,
      values: { failing: 0, wear: 7, spare: 100, temperature: 38, powerOn: 9412 * HOURS, reallocated: null, pending: null, errors: 0 },
    });
  });

  it('of NVMe may be used for longer than it is rated for', () => {
    expect(healthOf('nvme-failing')).toMatchObject({ problem: 'it has little spare left', values: { failing: 2, wear: 100, spare: 4, errors: 12 } });
  });

  it('of NVMe is no failure where it is only hot, although smartctl says so', () => {
    expect(answer('nvme-hot')).toContain('"passed":false');
    expect(healthOf('nvme-hot')).toMatchObject({ problem: null, values: { failing: 0, temperature: 84 } });
  });

  it('of a SATA SSD is among its attributes: what is left counts down', () => {
    expect(healthOf('sata-ssd')).toMatchObject({ kind: 'SSD', values: { failing: 0, wear: 12, reallocated: 0, pending: null, errors: 0, temperature: 33, powerOn: 21_034 * HOURS } });
    expect(healthOf('sata-ssd-7.4')).toMatchObject({ values: { wear: 29, spare: 100 } });
  });

  it.each([
    [233, 'Media_Wearout_Indicator', 97, 3],
    [231, 'SSD_Life_Left', 100, 0],
    [230, 'Media_Wearout_Indicator', 5, null],
    [177, 'Wear_Leveling_Count', 200, null],
    [241, 'Total_LBAs_Written', 99, null],
  ])('of a SATA SSD is not in every attribute: %i %s %i', (id, name, value, wear) => {
    const found = parseDrive(JSON.stringify({ smart_status: { passed: true }, ata_smart_attributes: { table: [{ id, name, value, raw: { string: '0' } }] } }));
    expect(found).toMatchObject({ kind: 'health', health: { values: { wear } } });
  });

  it('of a hard disk has counts that makers pack with others', () => {
    expect(healthOf('sata-hdd')).toMatchObject({ kind: 'HDD', problem: null, values: { failing: 0, wear: null, reallocated: 2, pending: 0, errors: 1, temperature: 31 } });
    expect(healthOf('sas-hdd')).toMatchObject({ model: 'EXAMPLE SAS4000', values: { failing: 0, reallocated: 56, errors: 1, temperature: 34 } });
  });

  it('that fails, or cannot read some of its sectors, is told in words', () => {
    expect(healthOf('sata-hdd-failing')).toMatchObject({ values: { failing: 2, reallocated: 3904 }, problem: 'it says that it will fail soon: back up what is on it, and replace it' });
    expect(healthOf('sata-hdd-pending')).toMatchObject({ values: { failing: 1, pending: 8 }, problem: '8 of its sectors cannot be read' });
  });

  it('behind a USB adapter counts, although not all commands passed (exit status 4)', () => {
    expect(healthOf('usb-bridge')).toMatchObject({ model: 'Example Portable 5TB', values: { failing: 0, temperature: 39 } });
  });

  it.each([
    ['standby', { kind: 'standby' }],
    ['denied', { kind: 'denied' }],
    ['virtual-disk-denied', { kind: 'denied' }],
    ['virtual-disk', { kind: 'unavailable', reason: 'smartctl says: /dev/vda: Unable to detect device type' }],
    ['behind-scsi', { kind: 'sat' }],
    ['behind-scsi-denied', { kind: 'denied' }],
    ['usb-bridge-unknown', { kind: 'unavailable', reason: 'smartctl does not know its USB adapter' }],
    ['no-smart', { kind: 'unavailable', reason: 'it has no SMART' }],
  ])('is not there: %s', (name, found) => {
    expect(parseDrive(answer(name))).toEqual(found);
  });

  it.each(['', 'null', '[]', '7', '{', `{"smart_status":{"passed":true},"x":"${'x'.repeat(2 ** 20)}"}`])('is not in what cannot be read: %#', (text) => {
    expect(parseDrive(text)).toEqual({ kind: 'unavailable', reason: 'the answer of smartctl cannot be read' });
  });

  it('is in bounds, whatever the answer holds', () => {
    const numbers = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(null, '7', true, [], {}));
    const fields = fc.record({
      smartctl: fc.record({ exit_status: numbers, messages: fc.oneof(fc.anything(), fc.array(fc.record({ string: fc.string() }))) }),
      smart_status: fc.oneof(fc.record({ passed: fc.oneof(fc.boolean(), fc.anything()) }), fc.anything()),
      nvme_smart_health_information_log: fc.record({ critical_warning: numbers, percentage_used: numbers, available_spare: numbers, media_errors: numbers }),
      ata_smart_attributes: fc.record({ table: fc.array(fc.record({ id: fc.oneof(numbers, fc.constantFrom(5, 187, 197)), name: fc.constantFrom('Wear_Leveling_Count', 'x'), value: numbers, raw: fc.record({ string: fc.oneof(fc.string(), fc.integer().map(String)) }) })) }),
      temperature: fc.record({ current: numbers }),
      power_on_time: fc.record({ hours: numbers }),
      model_name: fc.anything(),
    }, { requiredKeys: [] });
    const most: Readonly<Record<string, number>> = { failing: 2, wear: 100, spare: 100, temperature: 150 };
    fc.assert(
      fc.property(fc.oneof(fields, fc.anything(), fc.json()), (value) => {
        const found = parseDrive(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
        if (found.kind !== 'health') return;
        for (const [name, number] of Object.entries(found.health.values)) expect([name, number === null || (number >= 0 && number <= (most[name] ?? 2 ** 40))]).toEqual([name, true]);
      }),
    );
  });
});

describe('the list of drives', () => {
  it('has the type where smartctl must be told it', () => {
    expect(parseScan(answer('scan'))).toEqual([
      { path: '/dev/sda', type: null },
      { path: '/dev/sdb', type: null },
      { path: '/dev/bus/0', type: 'megaraid,8' },
      { path: '/dev/nvme0', type: null },
    ]);
    expect(parseScan(answer('scan-none'))).toEqual([]);
  });

  it.each(['', 'smartctl: not found', '{}', '[]'])('cannot be read from %j', (text) => {
    expect(parseScan(text)).toBeNull();
  });

  it('never has a path or a type that is an option', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('/dev/sda', '-s', '/dev/sda -s', '--set', 'sat', '-d', '/dev/../etc', '$(x)'));
    fc.assert(
      fc.property(fc.array(fc.record({ name: text, type: text })), (devices) => {
        for (const { path, type } of parseScan(JSON.stringify({ json_format_version: [1, 0], devices })) ?? []) {
          expect(path).toMatch(/^(\/dev\/|IO)\S+$/);
          expect(type ?? 'x').toMatch(/^\w/);
        }
      }),
    );
  });

  it('and every file of answers is read by one of these tests', () => {
    const own = readFileSync(import.meta.filename, 'utf8') + readFileSync(join(import.meta.dirname, 'smart-program.test.ts'), 'utf8');
    for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) expect(own).toContain(`'${file.replace('.json', '')}'`);
  });
});
