/** Which metric family stands on which page. */
import { describe, expect, it } from 'vitest';
import { familiesOn, FAMILY_IDS, familyOf, METRIC_PAGE_IDS, partLabel } from '../../../../src/shared/metrics/index';
import { METRIC_PAGES } from '../../../../src/shared/metrics/pages';

describe('the pages of metric families', () => {
  it('hold each family once, in the order that the descriptors give', () => {
    const placed = METRIC_PAGE_IDS.flatMap((page) => familiesOn(page));
    expect(placed.toSorted()).toEqual(FAMILY_IDS.toSorted());
    for (const page of METRIC_PAGE_IDS) {
      const orders = familiesOn(page).map((id) => familyOf(id).order);
      expect(orders).toEqual([...new Set(orders)].toSorted((a, b) => a - b));
    }
  });

  it('join what a person thinks of as one thing', () => {
    expect(familiesOn('disks').slice(0, 2)).toEqual(['disk', 'diskio']);
    expect(familiesOn('network')).toEqual(['network', 'connections']);
    expect(familiesOn('sensors')).toEqual(expect.arrayContaining(['temperature', 'frequency']));
    expect(familiesOn('disks')).toBe(familiesOn('disks'));
  });
});

describe('a part of a page', () => {
  it('is not called like the page, nor like another part', () => {
    for (const page of METRIC_PAGE_IDS.filter((id) => familiesOn(id).length > 1)) {
      const names: string[] = [METRIC_PAGES[page], ...familiesOn(page).map(partLabel)];
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('a metric that is the highest of the devices', () => {
  it('names a metric of the devices with the same unit and steps', () => {
    const named = FAMILY_IDS.flatMap((id) => Object.values(familyOf(id).metrics).flatMap((metric) => (metric.highestOf === undefined ? [] : [{ metric, of: familyOf(id).device.metrics[metric.highestOf] }])));
    expect(named.length).toBeGreaterThan(3);
    for (const { metric, of } of named) expect(of).toMatchObject({ unit: metric.unit, resolution: metric.resolution });
  });

  it('or counts them by metrics that they have', () => {
    const named = FAMILY_IDS.flatMap((id) => Object.values(familyOf(id).metrics).flatMap(({ countOf = [] }) => countOf.map((metric) => familyOf(id).device.metrics[metric])));
    expect(named.length).toBeGreaterThan(0);
    expect(named).not.toContain(undefined);
  });
});
