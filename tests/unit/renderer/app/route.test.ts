import { describe, expect, it } from 'vitest';
import { addressOn, formatRoute, machineOf, parseRoute } from '../../../../src/renderer/lib/route';
import type { Route } from '../../../../src/renderer/lib/route';
import { ALL_EVENTS } from '../../../../src/renderer/lib/timeline-filter';
import { createRouter } from '../../../../src/renderer/app/router';

const ROUTES: readonly Route[] = [
  { page: 'overview' },
  { page: 'processes' },
  { page: 'host' },
  { page: 'settings' },
  { page: 'machines' },
  { page: 'machines', sort: 'tag', find: 'web & db' },
  { page: 'machines', edit: '+' },
  { page: 'family', family: 'cpu', range: { kind: 'live', span: '24h' } },
  { page: 'family', family: 'cpu', range: { kind: 'live', span: '2y' }, compare: 'week' },
  { page: 'stats', range: { kind: 'live', span: '1y' } },
  { page: 'stats', range: { kind: 'fixed', from: 1_000_000, to: 2_000_000, span: '24h' } },
  { page: 'family', family: 'cpu', range: { kind: 'live', span: '1h' }, compare: 'day', at: 1_795_176_000_000 },
  { page: 'timeline', filter: ALL_EVENTS },
  { page: 'timeline', filter: { ...ALL_EVENTS, range: { kind: 'live', span: '7d' } } },
  { page: 'timeline', filter: { types: ['alert_fired', 'note'], severities: ['critical', 'info'], text: '100% & C:\\temp#1?', range: { kind: 'fixed', from: 1_000_000, to: 2_000_000, span: '24h' } } },
  { page: 'family', family: 'disk', range: { kind: 'fixed', from: 1_000_000, to: 2_000_000, span: '7d' } },
];

describe('routes', () => {
  it('are parsed from their address unchanged', () => {
    for (const route of ROUTES) expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it('accepts a path as the tray sends it', () => {
    expect(parseRoute('/memory')).toEqual({ page: 'family', family: 'memory', range: { kind: 'live', span: '5m' } });
  });

  it('falls back to defaults for unknown values', () => {
    for (const odd of ['', '#', '#/nothing', '#/__proto__', '#/toString']) expect(parseRoute(odd)).toEqual({ page: 'overview' });
    expect(parseRoute('#/stats')).toEqual({ page: 'stats', range: { kind: 'live', span: '24h' } });
    for (const query of ['', '?type=&severity=', '?type=A,a-b,__proto__&severity=dreadful,constructor', '?range=9y', '?from=5&to=3', '?text=']) {
      expect(parseRoute(`#/timeline${query}`)).toEqual({ page: 'timeline', filter: ALL_EVENTS });
    }
    expect(parseRoute(`#/timeline?text=${'x'.repeat(300)}&severity=info,critical,info`)).toEqual({ page: 'timeline', filter: { ...ALL_EVENTS, text: 'x'.repeat(200), severities: ['critical', 'info'] } });
    for (const query of ['at=', 'at=-1', 'at=1.5', 'at=x', 'compare=', 'compare=constructor', 'range=9y', 'range=constructor', 'from=5&to=3', 'from=1e400&to=2', 'from=-5&to=60000', 'from=0&to=1']) {
      expect(parseRoute(`#/cpu?${query}`)).toEqual({ page: 'family', family: 'cpu', range: { kind: 'live', span: '5m' } });
    }
  });
});

/** An address bar that reports a change of the hash later, as browsers do. */
function createBar() {
  const listeners = new Set<() => void>();
  const bar = {
    location: { hash: '' },
    history: { back: (): void => undefined },
    addEventListener: (_type: 'hashchange', listener: () => void): void => void listeners.add(listener),
    removeEventListener: (_type: 'hashchange', listener: () => void): void => void listeners.delete(listener),
  };
  return { bar, emit: () => listeners.forEach((listener) => listener()), listeners };
}

describe('createRouter', () => {
  it('navigates once, although the address reports the change as well', () => {
    const { bar, emit } = createBar();
    const router = createRouter(bar);
    const seen: Route[] = [];
    router.store.subscribe(({ route }) => seen.push(route));
    router.goTo('/cpu');
    emit();
    expect(bar.location.hash).toBe('#/cpu?range=5m');
    expect(seen).toHaveLength(1);
  });

  it('replaces a page in the history, so that Back does not go letter by letter', () => {
    const { bar } = createBar();
    const addresses: string[] = [];
    const router = createRouter({ ...bar, history: { back: () => undefined, replaceState: (_data, _unused, url) => void addresses.push(url) } });
    router.replace({ page: 'timeline', filter: { ...ALL_EVENTS, text: 'c' } });
    expect(addresses).toEqual(['#/timeline?text=c']);
    expect(bar.location.hash).toBe('');
    expect(router.store.getState().route).toMatchObject({ page: 'timeline', filter: { text: 'c' } });
  });

  it('follows the address when the user goes back, until it is stopped', () => {
    const { bar, emit, listeners } = createBar();
    const router = createRouter(bar);
    bar.location.hash = '#/host';
    emit();
    expect(router.store.getState().route).toEqual({ page: 'host' });
    router.stop();
    expect(listeners.size).toBe(0);
  });
});

describe('addresses of another machine', () => {
  const id = '0123456789abcdef0123456789abcdef';

  it('name it before the page, which is that of any machine', () => {
    for (const route of ROUTES) {
      const address = addressOn(id, formatRoute(route));
      expect(machineOf(address)).toBe(id);
      expect(parseRoute(address)).toEqual(route);
      expect(addressOn(null, address)).toBe(formatRoute(route));
    }
    expect(addressOn(id, '/cpu?range=1h')).toBe(`#/m/${id}/cpu?range=1h`);
    expect(parseRoute(`#/m/${id}`)).toEqual({ page: 'overview' });
  });

  it('are those of an id alone', () => {
    for (const odd of ['', '#/', '#/m', '#/m/', '#/m/this/cpu', `#/m/${id}0/cpu`, `#/m/${id.toUpperCase()}/`, `#/x/m/${id}/`, `#/cpu?x=/m/${id}/`]) expect(machineOf(odd)).toBeNull();
  });

  it('are written by the router of that machine, and left to another app where they are of another', () => {
    const { bar, emit } = createBar();
    bar.location.hash = `#/m/${id}/cpu`;
    const router = createRouter(bar, id);
    expect(router.store.getState().route).toMatchObject({ page: 'family', family: 'cpu' });
    router.go({ page: 'host' });
    expect(bar.location.hash).toBe(`#/m/${id}/host`);
    router.goTo('/memory');
    expect(bar.location.hash).toBe('#/memory');
    emit();
    expect(router.store.getState().route).toEqual({ page: 'host' });
    router.go({ page: 'machines' });
    expect(bar.location.hash).toBe('#/machines');
    expect(router.store.getState().route).toEqual({ page: 'host' });
  });
});
