/** The page of containers: rows, groups, sums, filter and order; its states; the facts of one; and where it appears. */
import { describe, expect, it } from 'vitest';
import { ContainerActions } from '../../../../src/renderer/features/containers/container-actions';
import { ContainerFacts } from '../../../../src/renderer/features/containers/container-facts';
import { ContainerOverview } from '../../../../src/renderer/features/containers/container-overview';
import { countText, filterRows, FIRST_ORDER, groupRows, toLines, toRows, CONTAINER_HEADS } from '../../../../src/renderer/features/containers/container-rows';
import { actionsFor, exitText, nameInProject, portText, stateText } from '../../../../src/renderer/features/containers/container-text';
import { EngineList } from '../../../../src/renderer/features/containers/engine-list';
import { orderAfter } from '../../../../src/renderer/lib/sort';
import { OverviewPage } from '../../../../src/renderer/features/overview/overview-page';
import { Rail } from '../../../../src/renderer/rail';
import type { ContainerDetails, ContainerInfo, ContainerList } from '../../../../src/shared/containers/container-schemas';
import { containerSettingsSchema } from '../../../../src/shared/containers/container-settings';
import type { Incident } from '../../../../src/shared/alerts/incident';
import { FAMILY_IDS } from '../../../../src/shared/metrics/index';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { incidentOf } from '../../../support/alert-samples';
import { renderedHtml, renderedText } from '../../../support/rendered';
import type { Shown } from '../../../support/rendered';

const NOW = 1_795_000_000_000;
const DOCKER = { id: 'docker', kind: 'docker', label: 'Docker', endpoint: 'unix:///var/run/docker.sock', state: 'answering', reason: null, version: '29.1.3' } as const;
const PODMAN = { ...DOCKER, id: 'podman', kind: 'podman', label: 'Podman (rootless)' } as const;

const containerOf = (name: string, change: Partial<ContainerInfo> = {}): ContainerInfo => ({ id: name.padEnd(64, '0'), device: name, name, project: null, service: null, image: 'nginx:1.27', engine: 'docker', state: 'running', health: 'none', startedAt: NOW - 3_600_000, createdAt: NOW - 7_200_000, exitCode: null, ports: [], ...change });
const SHOP = [containerOf('shop-db-1', { project: 'shop', service: 'db', image: 'postgres:16', health: 'healthy' }), containerOf('shop-web-1', { project: 'shop', service: 'web', health: 'unhealthy' }), containerOf('shop-job-1', { project: 'shop', service: 'job', state: 'exited', exitCode: 137 })];
const ALL = [...SHOP, containerOf('wiki-web-1', { project: 'wiki', service: 'web' }), containerOf('registry')];
const DEVICES: Reading['devices'] = {
  'shop-db-1': { label: 'db', values: { cpu: 30, memory: 100, memoryLimit: 400, memoryUsage: 25, received: null, restarts: 1 } },
  'shop-web-1': { label: 'web', values: { cpu: 5, memory: 50, received: 7 } },
  // What the series of a stopped one last had is nothing that it uses.
  'shop-job-1': { label: 'job', values: { cpu: 400, memory: 900, restarts: 2 } },
  'wiki-web-1': { label: 'web', values: { cpu: 80, memory: 10 } },
};
const rows = (containers: readonly ContainerInfo[] = ALL) => toRows(containers, DEVICES, NOW);
const namesOf = (groups: ReturnType<typeof groupRows>): string[] => groups.map(({ project, rows: members }) => `${project ?? '-'}: ${members.map(({ container }) => container.name).join(' ')}`);
const headOf = (column: string) => CONTAINER_HEADS.find((head) => head.column === column) ?? CONTAINER_HEADS[0]!;

describe('rows of containers', () => {
  it('have the values of their series; of one that does not run there are none, and what is missing stays so', () => {
    const [db, web, job] = rows(SHOP);
    expect(db).toMatchObject({ isRunning: true, uptime: 3600, values: { cpu: 30, memoryUsage: 25, received: null, sent: null, restarts: 1 } });
    expect(web?.values).toMatchObject({ memoryLimit: null, memoryUsage: null, received: 7 });
    expect(job).toMatchObject({ isRunning: false, uptime: null, values: { cpu: null, memory: null, restarts: 2 } });
  });

  it('are grouped by project, with the sums of what is known; those without a project come last', () => {
    const groups = groupRows(rows(), [DOCKER], FIRST_ORDER);
    expect(namesOf(groups)).toEqual(['shop: shop-db-1 shop-job-1 shop-web-1', 'wiki: wiki-web-1', '-: registry']);
    expect(groups[0]).toMatchObject({ running: 2, engine: null, sums: { cpu: 35, memory: 150, received: 7, sent: null, memoryUsage: null, restarts: 3 } });
    expect(groups[2]?.sums.cpu).toBeNull();
  });

  it('are sorted within their groups, and groups by their sums', () => {
    const byCpu = orderAfter(FIRST_ORDER, headOf('cpu'));
    expect(byCpu).toEqual({ column: 'cpu', descending: true });
    expect(namesOf(groupRows(rows(), [DOCKER], byCpu))).toEqual(['wiki: wiki-web-1', 'shop: shop-db-1 shop-web-1 shop-job-1', '-: registry']);
    expect(namesOf(groupRows(rows(), [DOCKER], orderAfter(byCpu, headOf('cpu'))))[0]).toBe('shop: shop-web-1 shop-db-1 shop-job-1');
  });

  it('of the same project on two engines are two groups, each with its engine', () => {
    const both = [...SHOP.slice(0, 1), containerOf('shop-db-2', { project: 'shop', engine: 'podman' })];
    expect(groupRows(rows(both), [DOCKER, PODMAN], FIRST_ORDER).map(({ project, engine }) => [project, engine])).toEqual([['shop', 'Docker'], ['shop', 'Podman (rootless)']]);
  });

  it('are found by words of name, image, project and state, all of which must match', () => {
    const found = (text: string): string[] => filterRows(rows(), text, [DOCKER]).map(({ container }) => container.name);
    expect(found('SHOP web')).toEqual(['shop-web-1']);
    expect(found('postgres')).toEqual(['shop-db-1']);
    expect(found('exited')).toEqual(['shop-job-1']);
    expect(found('unhealthy')).toEqual(['shop-web-1']);
    expect(found('  ')).toHaveLength(ALL.length);
    expect(found('shop nothing')).toEqual([]);
  });

  it('of a closed group are hidden; without any project there are no heads of groups', () => {
    const groups = groupRows(rows(), [DOCKER], FIRST_ORDER);
    const linesOf = (closed: readonly string[]): string[] => toLines(groups, new Set(closed)).map((line) => (line.kind === 'group' ? `[${line.group.project ?? '-'}]` : line.row.container.name));
    expect(linesOf([])).toEqual(['[shop]', 'shop-db-1', 'shop-job-1', 'shop-web-1', '[wiki]', 'wiki-web-1', '[-]', 'registry']);
    expect(linesOf([groups[0]?.key ?? ''])).toEqual(['[shop]', '[wiki]', 'wiki-web-1', '[-]', 'registry']);
    expect(toLines(groupRows(rows([containerOf('a'), containerOf('b')]), [DOCKER], FIRST_ORDER), new Set()).map(({ kind }) => kind)).toEqual(['row', 'row']);
  });
});

describe('words for containers', () => {
  it('say state and health in one', () => {
    expect(ALL.map(stateText)).toEqual(['Healthy', 'Unhealthy', 'Exited (137)', 'Running', 'Running']);
    expect(stateText({ state: 'exited', health: 'none', exitCode: null })).toBe('Exited');
    expect(countText(ALL)).toBe('5 containers, 4 running');
    expect(countText(ALL.slice(0, 1))).toBe('1 container, 1 running');
  });

  it('leave out of a name what the head of its group says', () => {
    expect(nameInProject({ name: 'shop-db-1', project: 'shop' })).toBe('db-1');
    expect(nameInProject({ name: 'shop_db_1', project: 'shop' })).toBe('db_1');
    expect(nameInProject({ name: 'shopping', project: 'shop' })).toBe('shopping');
    expect(nameInProject({ name: 'postgres', project: 'shop' })).toBe('postgres');
    expect(nameInProject({ name: 'shop-', project: 'shop' })).toBe('shop-');
  });

  it('say where a port is published, also for IPv6', () => {
    expect(portText({ container: 80, protocol: 'tcp', host: 8080, address: '::1' })).toBe('[::1]:8080 → 80/tcp');
    expect(portText({ container: 80, protocol: 'tcp', host: 8080, address: null })).toBe('8080 → 80/tcp');
    expect(portText({ container: 53, protocol: 'udp', host: null, address: null })).toBe('53/udp, not published');
  });

  it('offer what a state allows', () => {
    expect(actionsFor('running')).toEqual(['restart', 'stop']);
    expect(actionsFor('exited')).toEqual(['start']);
    expect(actionsFor('removing')).toEqual([]);
  });
});

const live = { seq: 1, time: NOW, known: true, connection: 'live', readings: { container: { values: { running: 4 }, devices: DEVICES } } } as const;
const LIST: ContainerList = { engines: [DOCKER], containers: ALL };

describe('the table', () => {
  it('has a row for each container, which leads to its page, below the heads of the projects with their sums', () => {
    const html = renderedHtml(<ContainerOverview list={LIST} />, { live });
    expect(html.match(/<tr data-running/g)).toHaveLength(ALL.length);
    expect([...html.matchAll(/aria-expanded="true" title="([^"]*)"/g)].map(([, label]) => label)).toEqual(['shop', 'wiki', 'Other containers']);
    expect(html).toContain('href="#/container?range=5m&amp;device=shop-db-1"');
    expect(html).toMatch(/<tr data-running="false"[^>]*><th[^>]*><span[^>]*><a[^>]*>job-1</);
    const text = renderedText(<ContainerOverview list={LIST} />, { live });
    expect(text).toMatch(/shop 2 of 3 running 35\.0 % 150 B/);
    expect(text).toMatch(/db-1 Healthy 30\.0 % 100 B , 25\.0 % of 400 B –/);
  });

  it('shows only the first rows of very many', () => {
    const many = Array.from({ length: 500 }, (_, at) => containerOf(`c${at}`));
    expect(renderedHtml(<ContainerOverview list={{ engines: [DOCKER], containers: many }} />, { live }).match(/<tr data-running/g)).toHaveLength(60);
  });

  it('marks a container that has an open alert', () => {
    const marked = (incidents: Incident[]): string[] => [...renderedHtml(<ContainerOverview list={LIST} />, { live, alerts: { incidents, snoozes: [] } }).matchAll(/<tr data-running.*?<\/tr>/g)].filter(([row]) => row.includes('>Critical<')).map(([row]) => /title="([^"]*)"/.exec(row)?.[1] ?? '');
    expect(marked([])).toEqual([]);
    expect(marked([incidentOf({ series: 'container.unhealthy@shop-web-1' }), incidentOf({ series: 'cpu.usage' })])).toEqual(['shop-web-1']);
  });
});

describe('where there is no table', () => {
  const textOf = (list: Partial<ContainerList>, settings: Shown['settings'] = {}): string => renderedText(<ContainerOverview list={{ engines: [], containers: [], ...list }} />, { live, settings });

  it('says why, and what can be done', () => {
    expect(textOf({})).toMatch(/Not available on this machine .*DOCKER_HOST says\. Open settings/);
    expect(textOf({ engines: [DOCKER] })).toMatch(/^No containers The engine has none/);
    expect(textOf({ engines: [{ ...DOCKER, state: 'notPermitted', reason: 'x' }] })).toMatch(/^No containers known No engine answers/);
    expect(textOf({}, { containers: containerSettingsSchema.parse({ enabled: false }) })).toMatch(/not watched .*Open settings/);
  });

  it('each engine is named once, with its reason', () => {
    const text = renderedText(<EngineList engines={[DOCKER, { ...PODMAN, endpoint: '', state: 'notPermitted', reason: 'Add your user to the group.', version: null }]} />);
    expect(text).toBe('Container engines Docker 29.1.3 · Running · unix:///var/run/docker.sock Podman (rootless) · No permission Add your user to the group.');
  });
});

const DETAILS: ContainerDetails = {
  container: SHOP[2]!,
  command: 'sh -c job',
  restarts: 2,
  restartPolicy: 'unless-stopped',
  oomKilled: true,
  finishedAt: NOW,
  hiddenVariables: 14,
  mounts: [{ type: 'bind', source: '/srv', target: '/data', isWritable: false }, { type: 'volume', source: '', target: '/x', isWritable: true }],
  networks: [{ name: 'shop_default', address: '172.18.0.3' }],
  healthLog: [{ time: null, exitCode: 1, output: 'refused\n' }],
};

describe('the facts of a container', () => {
  it('say how it was made, how it ended and why, and hide its environment', () => {
    const text = renderedText(<ContainerFacts container={SHOP[2]!} result={{ details: DETAILS }} events={[]} />);
    for (const fact of ['Exited (137)', 'Exit code 137: it was killed because it ran out of memory.', 'shop, service job', 'unless-stopped', 'sh -c job', '14 variables, hidden', '/srv → /data, read-only', 'volume → /x', 'shop_default, 172.18.0.3', 'Failed (1) refused', 'None in the timeline.']) expect(text).toContain(fact);
  });

  it('say that a command is hidden, why more cannot be loaded, and what is still loading', () => {
    expect(renderedText(<ContainerFacts container={SHOP[0]!} result={{ details: { ...DETAILS, container: SHOP[0]!, command: null } }} events={null} />)).toMatch(/hidden for your role.*Events Loading…/);
    expect(renderedText(<ContainerFacts container={SHOP[0]!} result={{ failure: 'no answer' }} events={[]} />)).toContain('Couldn’t load more: no answer');
    expect(exitText({ ...DETAILS, container: SHOP[0]! })).toBeNull();
    expect(exitText({ ...DETAILS, oomKilled: false })).toContain('SIGKILL');
  });
});

describe('starting and stopping', () => {
  const textOf = (shown: Shown): string => renderedText(<ContainerActions container={SHOP[0]!} onDone={() => undefined} />, shown);
  const on = { containers: containerSettingsSchema.parse({ actions: true }) };
  const sessionOf = (role: 'viewer' | 'admin'): NonNullable<Shown['session']> => ({ name: 'phone', role, capabilities: ['containers', 'containerDetails'], account: null, signOut: () => Promise.resolve(), changePassword: () => Promise.resolve(null) });

  it('is offered at the machine, where the settings allow it, and otherwise said how', () => {
    expect(textOf({ settings: on })).toBe('Actions Restart Stop');
    expect(textOf({})).toBe('Start and stop are turned off. Settings');
  });

  it('is never offered in a browser, whatever its role', () => {
    expect(['viewer', 'admin'].map((role) => textOf({ settings: on, session: sessionOf(role as 'viewer') }))).toEqual(['', '']);
  });
});

describe('a machine without containers and services', () => {
  const reading: Reading = { values: { usage: 42 }, devices: { one: { label: 'one', values: {} } } };
  const shownWith = (container: Reading, service: Reading): Shown => ({ live: { ...live, readings: { ...Object.fromEntries(FAMILY_IDS.map((id) => [id, reading])), container, service } } });
  const NONE: Reading = { values: { running: null }, devices: {} };

  it('has an Overview that says no word of them; with some there are tiles', () => {
    const without = renderedText(<OverviewPage />, shownWith(NONE, NONE));
    expect(without).not.toMatch(/Containers|Services/);
    expect(renderedText(<OverviewPage />, shownWith({ ...NONE, values: { running: 0 } }, NONE))).toBe(without);
    const text = renderedText(<OverviewPage />, shownWith(reading, reading));
    expect(text).toMatch(/Containers/);
    expect(text).toMatch(/Services/);
  });

  it('has both in the navigation: services are added on their page, an engine is missing', () => {
    const entries = [...renderedHtml(<Rail />, shownWith(NONE, NONE)).matchAll(/href="#\/(container|service)\?[^>]*>/g)].map(([tag, id]) => [id, tag.includes('Not available')]);
    expect(entries).toEqual([['service', false], ['container', true]]);
  });
});
