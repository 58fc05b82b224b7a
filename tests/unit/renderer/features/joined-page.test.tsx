/** Pages on which several metric groups stand, and the navigation to them. */
import { describe, expect, it } from 'vitest';
import { joined } from '../../../../src/renderer/features/metrics/histories';
import { MetricPage } from '../../../../src/renderer/features/metrics/metric-page';
import type { ChartData } from '../../../../src/renderer/charts/chart-data';
import { EMPTY_COLUMNS } from '../../../../src/renderer/data/columns';
import { Rail } from '../../../../src/renderer/rail';
import { familiesOn, FAMILY_IDS, METRIC_PAGE_IDS, partLabel } from '../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../src/shared/metrics/index';
import { METRIC_PAGES } from '../../../../src/shared/metrics/pages';
import type { MetricPageId } from '../../../../src/shared/metrics/pages';
import type { Incident } from '../../../../src/shared/alerts/incident';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { incidentOf } from '../../../support/alert-samples';
import { renderedHtml, renderedText } from '../../../support/rendered';
import type { Shown } from '../../../support/rendered';

const AT = new Date(2026, 10, 30, 7, 36).getTime();
const reading = (usage: number): Reading => ({ values: { usage, hottest: usage, average: usage * 1e6, read: usage, write: usage, active: usage }, devices: { one: { label: 'one', values: { usage } } } });
const ABSENT: Reading = { values: {}, devices: {} };
const stateOf = (absent: readonly FamilyId[] = []) => ({ seq: 9, time: AT, known: true, connection: 'live', readings: Object.fromEntries(FAMILY_IDS.map((id) => [id, absent.includes(id) ? ABSENT : reading(42)])), readAt: Object.fromEntries(FAMILY_IDS.map((id) => [id, AT])) }) as const;
const open = (...incidents: Incident[]): NonNullable<Shown['alerts']> => ({ incidents, snoozes: [] });
const pageOf = (family: FamilyId, shown: Shown): string => renderedHtml(<MetricPage family={family} range={{ kind: 'live', span: '1h' }} compare={undefined} at={undefined} />, shown);

describe('a page with several metric groups', () => {
  it('has one name, one toolbar, and each group with its main values, which lead to it over the same range', () => {
    const html = pageOf('diskio', { live: stateOf(), alerts: open() });
    expect(html).toMatch(/<h1>Disks<\/h1>/);
    expect(html.match(/class="toolbar"/g)).toHaveLength(1);
    const head = html.slice(0, html.indexOf('</header>'));
    expect([...head.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(familiesOn('disks').map((id) => `#/${id}?range=1h`));
    expect(head).toContain('42.0');
    expect([...html.matchAll(/<section class="family" aria-label="([^"]*)"/g)].map(([, label]) => label)).toEqual(familiesOn('disks').map(partLabel));
    expect(html.indexOf('<h2>Disk space</h2>')).toBeLessThan(html.indexOf('<h2>Disk I/O</h2>'));
  });

  it('is the same whichever of its groups a link names', () => {
    expect(pageOf('diskio', { live: stateOf(), alerts: open() })).toBe(pageOf('disk', { live: stateOf(), alerts: open() }));
  });

  it('puts the tables of a group below its heading, in level as well', () => {
    const html = pageOf('disk', { live: stateOf(), alerts: open() });
    expect(html).toMatch(/<h3>Mounts/);
    expect(renderedHtml(<MetricPage family="cpu" range={{ kind: 'live', span: '1h' }} compare={undefined} at={undefined} />, { live: stateOf() })).toMatch(/<h2>Cores/);
  });

  it('says in a sentence which group this machine lacks, after those that it has', () => {
    const html = pageOf('temperature', { live: stateOf(['temperature']), alerts: open() });
    expect(html).toMatch(/<h1>Sensors &amp; power<\/h1>/);
    expect([...html.matchAll(/<section class="family" aria-label="([^"]*)"/g)].map(([, label]) => label)).toEqual(familiesOn('sensors').filter((id) => id !== 'temperature').map(partLabel));
    expect(html.slice(html.indexOf('class="empty-state"'))).toMatch(/<h2>Temperature<\/h2><p>Not available on this machine\. No temperature sensor/);
    expect(html.slice(0, html.indexOf('</header>'))).not.toContain('Temperature');
  });

  it('says the worst of its groups at its head, and at each its own', () => {
    const html = pageOf('disk', { live: stateOf(), alerts: open(incidentOf({ series: 'diskio.busy@one', severity: 'critical' })) });
    const badges = [...html.matchAll(/<span class="badge" data-severity="(\w+)"/g)].map(([, severity]) => severity);
    // Good health is said once.
    expect(badges).toEqual(['critical', 'critical']);
    const healthy = pageOf('disk', { live: stateOf(), alerts: open() });
    expect([...healthy.matchAll(/<span class="badge" data-severity="(\w+)"/g)].map(([, severity]) => severity)).toEqual(['healthy']);
  });
});

describe('the navigation', () => {
  const PAGES = METRIC_PAGE_IDS.filter((page) => familiesOn(page).length > 0);
  const labelOf = (page: MetricPageId): string => METRIC_PAGES[page].replace('&', '&amp;');
  const entries = (shown: Shown): string[] => {
    const html = renderedHtml(<Rail />, shown);
    return [...html.slice(html.indexOf('id="families"'), html.indexOf('#/processes')).matchAll(/href="([^"]*)"[^>]*><span class="rail-label">([^<]*)</g)].map(([, href, label]) => `${label} ${href}`);
  };

  it('lists pages, each with its first group that this machine has', () => {
    expect(entries({ live: stateOf() })).toEqual(PAGES.map((page) => `${labelOf(page)} #/${familiesOn(page)[0]}?range=5m`));
    expect(entries({ live: stateOf(['temperature']) })).toContain(`Sensors &amp; power #/${familiesOn('sensors')[1]}?range=5m`);
  });

  it('lists last the pages of which it has nothing at all', () => {
    const absent = entries({ live: stateOf([...familiesOn('sensors'), 'disk']) });
    expect(absent.map((entry) => entry.split(' #')[0])).toEqual([...PAGES.filter((page) => page !== 'sensors'), 'sensors' as const].map(labelOf));
  });

  it('says the worst of the groups on a page', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['disks', 'network']));
    const text = renderedText(<Rail />, { live: stateOf(), alerts: open(incidentOf({ series: 'diskio.busy@one', severity: 'warning' })) });
    expect(text).toMatch(/Disks Warning/);
    expect(text).not.toMatch(/Network (Warning|Critical)/);
  });
});

describe('what a page has once', () => {
  const dataOf = (key: string, begins: number): ChartData => ({ status: 'ready', message: '', window: { from: 0, to: 9 }, step: 1, begins, columns: { [key]: EMPTY_COLUMNS }, shown: {}, stats: {}, before: {}, gaps: [] });

  it('is of the first group that is loaded, with the points of all for the export', () => {
    expect(joined({}, ['disk', 'diskio'])).toBeNull();
    const [space, io] = [dataOf('disk.usage', 1), dataOf('diskio.busy', 2)];
    expect(joined({ diskio: io }, ['disk', 'diskio'])).toBe(io);
    expect(joined({ diskio: io, disk: space }, ['disk', 'diskio'])).toEqual({ ...space, columns: { ...space.columns, ...io.columns } });
  });
});
