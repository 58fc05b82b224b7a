import { describe, expect, it } from 'vitest';
import { cardModel, MAX_FACTS, presenceOf } from '../../../../src/renderer/lib/card-model';
import { FAMILY_IDS, familyOf } from '../../../../src/shared/metrics/index';
import type { OpenIncident } from '../../../../src/shared/alerts/severity';
import type { Reading } from '../../../../src/shared/metrics/reading';

const EMPTY: Reading = { values: {}, devices: {} };

describe('cardModel', () => {
  it('has the same shape with and without a reading, for every family', () => {
    for (const id of FAMILY_IDS) {
      const model = cardModel(id, undefined);
      expect(model.figures.length).toBeGreaterThan(0);
      expect(model.facts.length).toBeLessThanOrEqual(MAX_FACTS);
      expect([...model.figures, ...model.facts].every(({ value, mark }) => value === null && mark === 'unknown')).toBe(true);
      expect(cardModel(id, EMPTY).kind).toBe(model.kind);
    }
  });

  it('names only metrics the family has', () => {
    for (const id of FAMILY_IDS) {
      const family = familyOf(id);
      const named = [...(family.card?.facts ?? []), family.headline, ...family.spark];
      expect(named.filter((name) => !(name in family.metrics))).toEqual([]);
      if (family.card?.device !== undefined) expect(family.device.metrics).toHaveProperty(family.card.device);
    }
  });

  it('shows a percentage as a gauge, marked by the open incidents of its own series', () => {
    const reading: Reading = { values: { usage: 95 }, devices: {} };
    const marksOf = (open: readonly OpenIncident[]) => cardModel('cpu', reading, open).figures.map(({ mark }) => mark);
    expect(cardModel('cpu', reading)).toMatchObject({ kind: 'gauge', figures: [{ value: 95, mark: 'healthy' }] });
    expect(marksOf([{ series: 'cpu.usage', severity: 'warning', acknowledgedAt: null }])).toEqual(['warning']);
    expect(marksOf([{ series: 'cpu.usage', severity: 'warning', acknowledgedAt: 1 }])).toEqual(['healthy']);
    expect(marksOf([{ series: 'cpu.load1', severity: 'critical', acknowledgedAt: null }])).toEqual(['healthy']);
  });

  it('says why there is no main value where the devices say it, and nothing of them while there is one', () => {
    const asleep = { label: 'Card', values: { load: null }, state: { code: 'asleep' } } as const;
    const stateOf = (load: number | null): string | null => cardModel('gpu', { values: { load }, devices: { asleep, other: { label: 'Other', values: { load } } } }).state;
    expect([stateOf(null), stateOf(3), cardModel('gpu', EMPTY).state]).toEqual(['Asleep', null, null]);
  });

  it('leaves out what the system tells nobody, and keeps what is only missing now', () => {
    const values = { read: 1, write: 2, readOps: 3, writeOps: 4, busy: null };
    const factsOf = (reading: Reading): readonly string[] => cardModel('diskio', reading).facts.map(({ key }) => key);
    expect(factsOf({ values, devices: {} })).toEqual(['busy', 'readOps', 'writeOps']);
    expect(factsOf({ values, devices: {}, untold: ['busy'] })).toEqual(['readOps', 'writeOps']);
  });

  it('shows both directions of traffic', () => {
    expect(cardModel('network', undefined).figures.map(({ key }) => key)).toEqual(['rx', 'tx']);
  });

  it('lists the devices with the highest values, marked by their own incidents, without those that have no value', () => {
    const sensor = (value: number | null) => ({ label: String(value), values: { value }, limits: { warning: 60, critical: 90 } });
    const reading: Reading = { values: { hottest: 70 }, devices: { a: sensor(20), b: sensor(70), c: sensor(null), d: sensor(50), e: sensor(30) } };
    const open = [{ series: 'temperature.value@d', severity: 'critical', acknowledgedAt: null }] as const;
    expect(cardModel('temperature', reading, open).facts.map(({ value, mark }) => [value, mark])).toEqual([
      [70, 'healthy'],
      [50, 'critical'],
      [30, 'healthy'],
    ]);
  });
});

describe('presenceOf', () => {
  it('distinguishes a family that is absent, not read yet, or failing', () => {
    expect(presenceOf(undefined, undefined)).toBe('pending');
    expect(presenceOf({ values: { hottest: null }, devices: {} }, undefined)).toBe('absent');
    expect(presenceOf({ values: { hottest: null }, devices: { a: { label: 'a', values: {} } } }, undefined)).toBe('present');
    expect(presenceOf({ values: { hottest: 0 }, devices: {} }, undefined)).toBe('present');
    expect(presenceOf(undefined, { kind: 'Timeout', message: '', since: 1, nextAt: null })).toBe('faulty');
  });
});

describe('what a value is of', () => {
  it('is named with it: cores with a load, one core with a share of one, which is on no gauge', () => {
    const cpu = cardModel('cpu', { values: { usage: 20, user: 1, system: 1, load1: 17.4, cores: 64 }, devices: {} }, []);
    expect(cpu.facts.map(({ key, beside }) => [key, beside])).toEqual([['user', null], ['system', null], ['load1', '64 cores']]);
    expect(cardModel('cpu', { values: { load1: 1, cores: 1 }, devices: {} }).facts[2]?.beside).toBe('1 core');
    expect(cardModel('cpu', { values: { load1: 1, cores: null }, devices: {} }).facts[2]?.beside).toBeNull();
    expect(cardModel('self', { values: { cpu: 130 }, devices: {} })).toMatchObject({ kind: 'number', figures: [{ beside: 'of one core', value: 130 }] });
  });

  it('no percentage that can exceed 100 is on a gauge, and every load has its cores', () => {
    const wrong = FAMILY_IDS.flatMap((id) => {
      const { metrics, device, headline } = familyOf(id);
      const all = [...Object.values(metrics), ...Object.values(device.metrics)];
      const misjudged = all.filter(({ unit, beside, share, label }) => (unit === 'load' && (beside === undefined || !(beside in metrics))) || (/one core/.test(label) && share === undefined));
      return [...misjudged.map(({ label }) => `${id} ${label}`), ...(cardModel(id, undefined).kind === 'gauge' && metrics[headline]?.share !== undefined ? [`${id} gauge`] : [])];
    });
    expect(wrong).toEqual([]);
  });
});
