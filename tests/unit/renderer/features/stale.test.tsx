import type { ReactElement } from 'react';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Banners } from '../../../../src/renderer/banners';
import { OpenIncidents } from '../../../../src/renderer/features/alerts/open-incidents';
import { DeviceTable } from '../../../../src/renderer/features/metrics/device-table';
import { MetricPage } from '../../../../src/renderer/features/metrics/metric-page';
import { OverviewPage } from '../../../../src/renderer/features/overview/overview-page';
import { MetricCard } from '../../../../src/renderer/features/overview/metric-card';
import { StatsPage } from '../../../../src/renderer/features/stats/stats-page';
import { TimelinePage } from '../../../../src/renderer/features/timeline/timeline-page';
import { ALL_EVENTS } from '../../../../src/renderer/lib/timeline-filter';
import { familyState, pageStaleness } from '../../../../src/renderer/lib/freshness';
import { Rail } from '../../../../src/renderer/rail';
import { formatMoment } from '../../../../src/shared/local-time';
import { familiesOn, FAMILY_IDS } from '../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../src/shared/metrics/index';
import type { Fault, Reading } from '../../../../src/shared/metrics/reading';
import { renderedHtml, renderedText } from '../../../support/rendered';
import type { Shown } from '../../../support/rendered';

const AT = new Date(2026, 10, 30, 7, 36).getTime();
const LIVE = { kind: 'live', span: '5m' } as const;
const reading = (usage: number): Reading => ({ values: { usage, hottest: usage }, devices: { '/home': { label: '/home', values: { usage } } } });
const READINGS = Object.fromEntries(FAMILY_IDS.map((id) => [id, reading(42)]));
const LIVE_STATE = { seq: 9, time: AT, known: true, connection: 'live', readings: READINGS, readAt: Object.fromEntries(FAMILY_IDS.map((id) => [id, AT])) } as const;
const FAULT: Fault = { kind: 'SystemUnavailable', message: '/proc/stat: EISDIR', since: AT - 5 * 60_000, nextAt: AT + 10_000 };

/** The families of a live state, all of them failed. */
const FAILED = {
  ...LIVE_STATE,
  readings: {},
  faults: Object.fromEntries(FAMILY_IDS.map((id) => [id, FAULT])),
  lastKnown: Object.fromEntries(FAMILY_IDS.map((id) => [id, { reading: reading(42), readAt: AT }])),
};

const alerts = { incidents: [], snoozes: [] };
const PAGE_STATES: readonly [string, Shown][] = [
  ['paused', { live: LIVE_STATE, paused: true, alerts }],
  ['disconnected', { live: { ...LIVE_STATE, connection: 'lost' }, alerts }],
  ['silent', { live: { ...LIVE_STATE, connection: 'silent' }, alerts }],
];
const FAILED_STATE: [string, Shown] = ['failed', { live: FAILED, alerts }];

const METRIC_VIEWS: readonly [string, ReactElement][] = [
  ['a card', <MetricCard key="card" id="memory" />],
  ['a metric page', <MetricPage key="page" family="memory" range={LIVE} compare={undefined} at={undefined} />],
  ['the table of devices', <DeviceTable key="devices" family="disk" />],
];
const PAGE_VIEWS: readonly [string, ReactElement][] = [
  ...METRIC_VIEWS,
  ['Overview', <OverviewPage key="overview" />],
  ['Statistics', <StatsPage key="stats" range={LIVE} />],
  ['Alerts', <OpenIncidents key="alerts" rules={[]} />],
];

const HEALTH = /Healthy|normal|data-severity="(healthy|warning|critical)"/;

describe('what is not current does not look alive', () => {
  it.each(PAGE_STATES.flatMap(([state, shown]) => PAGE_VIEWS.map(([view, element]) => [state, view, shown, element] as const)))('%s: %s says the time of its values and no word of health', (_, _view, shown, element) => {
    const html = renderedHtml(element, shown);
    expect(html).toContain('as of 07:36');
    expect(html).not.toMatch(HEALTH);
    expect(renderedHtml(element, { live: LIVE_STATE, alerts })).not.toContain('as of');
  });

  it.each(METRIC_VIEWS)('failed: %s keeps the last known value, with its time and no word of health', (_, element) => {
    const html = renderedHtml(element, FAILED_STATE[1]);
    expect(html).toContain('as of 07:36');
    expect(html).toContain('42.0');
    expect(html).toMatch(/data-stale="failed"/);
    expect(html).not.toMatch(HEALTH);
  });

  it.each(PAGE_STATES)('%s: the rail keeps no severity of a metric group and does not say that it is live', (_, shown) => {
    const hot = { ...shown, live: { ...shown.live, readings: { ...READINGS, memory: reading(99) } } };
    expect(renderedHtml(<Rail />, { live: hot.live })).not.toBe('');
    const html = renderedHtml(<Rail />, hot);
    expect(html).not.toContain('data-severity="critical"');
    expect(html).not.toContain('data-connection="live"');
  });

  it('says the date with the time if that is another day', () => {
    expect(formatMoment(AT, AT + 3_600_000)).toBe('07:36');
    expect(formatMoment(AT, AT + 86_400_000)).toBe('2026-11-30 07:36');
  });

  it.each(PAGE_STATES)('%s: the Timeline says until when it is complete', (_, shown) => {
    expect(renderedText(<TimelinePage filter={ALL_EVENTS} />, shown)).toContain('as of 07:36');
  });

  it('the banner of a pause says the time too', () => {
    expect(renderedText(<Banners />, PAGE_STATES[0]?.[1])).toContain('Values are as of 07:36');
  });
});

describe('an error', () => {
  it.each<[string, ReactElement]>([
    ['card', <MetricCard key="card" id="cpu" />],
    ['page', <MetricPage key="page" family="cpu" range={LIVE} compare={undefined} at={undefined} />],
  ])('says on the %s what cannot be read, since when and when it is tried again; the reason is not its text', (_, element) => {
    const text = renderedText(element, FAILED_STATE[1]);
    expect(text).toContain('CPU cannot be read since 07:31. Next try in 10 s.');
    expect(text).not.toContain('SystemUnavailable');
  });

  it('waits for an answer where the read hangs, and says nothing of a next try while nothing is read', () => {
    const hung = { ...FAILED, faults: { cpu: { ...FAULT, nextAt: null } } };
    expect(renderedText(<MetricCard id="cpu" />, { live: hung })).toContain('Waiting for an answer.');
    expect(renderedText(<MetricCard id="cpu" />, { live: FAILED, paused: true })).not.toMatch(/Next try|Waiting/);
  });

  it('has its reason folded on the page, and without any value shows none', () => {
    const html = renderedHtml(<MetricPage family="cpu" range={LIVE} compare={undefined} at={undefined} />, { live: { ...FAILED, lastKnown: {} } });
    expect(html).toContain('<details><summary>Details</summary>Not available: /proc/stat: EISDIR</details>');
    expect(html).toContain('no data yet');
  });
});

describe('a device that cannot be read', () => {
  const fault = { message: 'does not respond', since: AT - 60_000, last: { values: { usage: 55 }, readAt: AT - 90_000 } };
  const live = { ...LIVE_STATE, readings: { ...READINGS, disk: { values: { usage: null }, devices: { '/nas': { label: '/nas', values: { usage: null }, fault } }, note: '/nas: does not respond' } } };

  it('says since when in its row, with the values it had, dimmed', () => {
    const html = renderedHtml(<DeviceTable family="disk" />, { live });
    expect(html).toContain('does not respond since 07:35, values as of 07:34');
    expect(html).toContain('<tr data-stale="failed">');
    expect(html).toContain('55.0');
  });

  it('is named on the card where there is no main value for want of it', () => {
    expect(renderedText(<MetricCard id="disk" />, { live })).toContain('/nas does not respond since 07:35');
  });
});

describe('a metric group that this machine lacks', () => {
  const live = { ...LIVE_STATE, readings: { ...READINGS, ...Object.fromEntries(familiesOn('sensors').map((id) => [id, { values: {}, devices: {} }])) } };

  it('has a page of one empty state that says why', () => {
    const html = renderedHtml(<MetricPage family="temperature" range={LIVE} compare={undefined} at={undefined} />, { live });
    expect(html).toContain('Virtual machines and containers usually have none');
    expect(html).not.toMatch(/–|class="chart"|<table/);
  });

  it('says what is known of this machine rather than what is usual', () => {
    const told = { ...live, readings: { ...live.readings, temperature: { values: { hottest: null }, devices: {}, note: 'Its thermal state is fair.' } } };
    const text = renderedText(<MetricPage family="temperature" range={LIVE} compare={undefined} at={undefined} />, { live: told });
    expect(text).toContain('Its thermal state is fair.');
    expect(text).not.toContain('No temperature sensor was found');
  });

  it('shows the past where it was asked for', () => {
    const past = { kind: 'fixed', from: AT - 60_000, to: AT, span: '1h' } as const;
    expect(renderedHtml(<MetricPage family="temperature" range={past} compare={undefined} at={undefined} />, { live })).toContain('Earlier values are shown below');
  });

  it('stands at the end of the list, and says so', () => {
    const html = renderedHtml(<Rail />, { live });
    expect(html.indexOf('#/temperature')).toBeGreaterThan(html.indexOf('#/self'));
    expect(html).toContain('Not available on this machine');
  });
});

describe('before the first readings', () => {
  it('values are placeholders, not dashes', () => {
    for (const live of [{}, { ...LIVE_STATE, readings: { cpu: { values: { usage: null }, devices: {}, isFirst: true as const } } }]) {
      const html = renderedHtml(<MetricCard id="cpu" />, { live });
      expect(html).toContain('skeleton');
      expect(html).not.toContain('–');
    }
  });

  it('a page that never got any shows none, disconnected or not', () => {
    const html = renderedHtml(<MetricCard id="cpu" />, { live: { connection: 'lost' } });
    expect(html).toContain('no data yet');
    expect(html).not.toContain('–');
  });

  it('a value that is missing later is a dash', () => {
    expect(renderedHtml(<MetricCard id="cpu" />, { live: { ...LIVE_STATE, readings: { cpu: { values: { usage: null, load1: 1 }, devices: {} } } } })).toContain('–');
  });

  it('the Overview says it', () => {
    expect(renderedText(<OverviewPage />)).toContain('Collecting the first readings…');
  });
});

describe('the staleness of a page and its families', () => {
  it('is one of: current, or a reason with the time of what is shown; a current family never has a fault', () => {
    const page = fc.record({ connection: fc.constantFrom('connecting' as const, 'live' as const, 'silent' as const, 'lost' as const), time: fc.constantFrom(0, AT), paused: fc.boolean() });
    const state = fc.constantFrom('read', 'failed', 'failed at once', 'pending');
    fc.assert(
      fc.property(page, state, (of, kind) => {
        const id: FamilyId = 'cpu';
        const stale = pageStaleness(of);
        const live = {
          readings: kind === 'read' ? { cpu: reading(1) } : {},
          faults: kind.startsWith('failed') ? { cpu: FAULT } : {},
          lastKnown: kind === 'failed' ? { cpu: { reading: reading(1), readAt: AT - 1 } } : {},
          readAt: { cpu: AT },
        };
        const family = familyState(id, live, stale);
        expect(stale === null).toBe(of.connection !== 'lost' && of.connection !== 'silent' && !of.paused);
        expect(family.stale === null).toBe(stale === null && family.fault === undefined);
        if (family.stale !== null) expect(family.stale.asOf === null).toBe(family.reading === undefined);
      }),
    );
  });
});
