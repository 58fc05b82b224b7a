/** The timeline's store, filters and texts, and the annotations of charts. */
import { describe, expect, it } from 'vitest';
import { formatAgo, formatDayHeading, eventLink, groupByDay, seriesOf, formatEventType } from '../../../../src/renderer/lib/event-text';
import { isAnnotated, isOfFamily, groupAnnotations } from '../../../../src/renderer/charts/annotation-groups';
import { ALL_EVENTS, isEmptyFilter, toEventsFilter } from '../../../../src/renderer/lib/timeline-filter';
import { createAnnotations } from '../../../../src/renderer/features/metrics/annotations';
import { createTimeline } from '../../../../src/renderer/features/timeline/timeline-store';
import { OWN_EVENT_TYPES } from '../../../../src/shared/timeline/event-types';
import { createClient } from '../../../../src/shared/api/client';
import type { Transport } from '../../../../src/shared/api/client';
import type { Incident } from '../../../../src/shared/alerts/incident';
import type { ActivityEvent, EventsFilter } from '../../../../src/shared/timeline/event-schemas';
import { createStoreFixture, NOON } from '../../../support/store';
import { anEvent, anIncident, MINUTE } from '../../../support/activity-log';
import { settle } from '../../../support/timers';

const event = (id: number, more: Partial<ActivityEvent> = {}): ActivityEvent => ({ id, time: NOON + id, type: 'note', severity: 'info', message: `#${id}`, user: null, details: null, ...more });

/** A client of a real activity log. Its requests can be made to fail (`broken`) or to wait (`gate`), its events held back (`listeners`). */
function openActivityLog() {
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const push = (name: string, payload: unknown): void => listeners.forEach((listener) => listener(name, payload));
  const { store } = createStoreFixture().open({ onEvent: (added) => push('event', added), onIncident: (changed) => push('incident', changed) });
  const state = { broken: false, requests: 0, gate: Promise.resolve() };
  const transport: Transport = {
    call: async (name, input) => {
      state.requests += 1;
      if (state.broken) return { ok: false, code: 'Unavailable', message: 'the disk is on fire' };
      const value: unknown = name === 'events' ? store.activity.events(input as never) : store.activity.incidents({ openOnly: false, ...(input as object) } as never);
      await state.gate;
      return { ok: true, value };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const add = (message: string, more: Parameters<typeof anEvent>[1] = {}, at = 0): ActivityEvent => store.activity.addEvent(anEvent(message, more), NOON + at);
  return { client: createClient(transport), store, state, add, listeners };
}

describe('the timeline’s store', () => {
  const open = (log: ReturnType<typeof openActivityLog>, filter: EventsFilter = {}) => {
    const timeline = createTimeline(log.client, filter);
    return { timeline, shown: () => timeline.store.getState().events.map(({ message }) => message), state: () => timeline.store.getState() };
  };

  it('loads events in pages, each once, while new ones arrive', async () => {
    const log = openActivityLog();
    for (let n = 0; n < 250; n += 1) log.add(`${n}`);
    const { timeline, shown, state } = open(log);
    await timeline.load();
    expect(state()).toMatchObject({ status: 'ready', total: 250, hasOlder: true, types: ['note'] });
    log.add('new', { type: 'other' });
    await Promise.all([timeline.loadOlder(), timeline.loadOlder()]);
    await timeline.loadOlder();
    expect(shown()).toEqual(['new', ...Array.from({ length: 250 }, (_, n) => `${249 - n}`)]);
    expect(state()).toMatchObject({ total: 251, hasOlder: false, types: ['note', 'other'] });
    const { requests } = log.state;
    await timeline.loadOlder();
    expect(log.state.requests).toBe(requests);
  });

  it('neither loses nor repeats events that arrive during a request', async () => {
    const log = openActivityLog();
    log.add('before');
    let respond: () => void = () => undefined;
    log.state.gate = new Promise((resolve) => (respond = resolve));
    const { timeline, shown, state } = open(log);
    const loading = timeline.load();
    await settle();
    log.add('meanwhile');
    log.add('and again');
    respond();
    await loading;
    expect(shown()).toEqual(['and again', 'meanwhile', 'before']);
    expect(state().total).toBe(3);
  });

  it('adds only new events that match the filter, and none after stop', async () => {
    const log = openActivityLog();
    const { timeline, shown, state } = open(log, { severities: ['critical'], text: 'cpu' });
    await timeline.load();
    log.add('CPU high', { severity: 'critical' });
    log.add('CPU high', { severity: 'warning' });
    log.add('memory', { severity: 'critical', type: 'seen' });
    expect(shown()).toEqual(['CPU high']);
    expect(state()).toMatchObject({ total: 1, types: ['note', 'seen'] });
    timeline.stop();
    log.add('cpu', { severity: 'critical' });
    expect(shown()).toEqual(['CPU high']);
    expect(log.listeners.size).toBe(0);
  });

  it('keeps the loaded events when a gap in the stream is closed, unless more than a page is missing', async () => {
    const log = openActivityLog();
    for (let n = 0; n < 150; n += 1) log.add(`${n}`);
    const { timeline, shown } = open(log);
    await timeline.load();
    await timeline.loadOlder();
    const { listeners } = log;
    const [listener] = listeners;
    listeners.clear();
    for (let n = 150; n < 160; n += 1) log.add(`${n}`);
    await timeline.load();
    expect(shown()).toEqual(Array.from({ length: 160 }, (_, n) => `${159 - n}`));
    for (let n = 160; n < 400; n += 1) log.add(`${n}`);
    await timeline.load();
    expect(shown()).toEqual(Array.from({ length: 100 }, (_, n) => `${399 - n}`));
    if (listener !== undefined) listeners.add(listener);
    log.add('live');
    expect(shown()[0]).toBe('live');
  });

  it('has the message of a failed request, and loads after a retry', async () => {
    const log = openActivityLog();
    for (let n = 0; n < 120; n += 1) log.add(`${n}`);
    log.state.broken = true;
    const { timeline, shown, state } = open(log);
    await timeline.load();
    expect(state()).toMatchObject({ status: 'failed', message: 'the disk is on fire' });
    log.state.broken = false;
    await timeline.load();
    expect(shown()).toHaveLength(100);
    log.state.broken = true;
    await timeline.loadOlder();
    expect(state()).toMatchObject({ status: 'ready', message: 'the disk is on fire', hasOlder: true, isLoadingOlder: false });
    log.state.broken = false;
    await timeline.loadOlder();
    expect(state()).toMatchObject({ message: '', hasOlder: false });
    expect(shown()).toHaveLength(120);
  });
});

describe('timeline filters', () => {
  it('become queries: a live range has no end, a fixed one has', () => {
    expect(toEventsFilter(ALL_EVENTS, NOON)).toEqual({});
    expect(toEventsFilter({ ...ALL_EVENTS, text: '  x ', range: { kind: 'live', span: '1h' } }, NOON)).toEqual({ text: 'x', from: NOON - 60 * MINUTE });
    expect(toEventsFilter({ types: ['a'], severities: ['info'], text: ' ', range: { kind: 'fixed', from: 5, to: 9, span: '1h' } }, NOON)).toEqual({ types: ['a'], severities: ['info'], from: 5, to: 9 });
    expect([ALL_EVENTS, { ...ALL_EVENTS, text: ' ' }, { ...ALL_EVENTS, types: ['a'] }].map(isEmptyFilter)).toEqual([true, true, false]);
  });
});

describe('event texts', () => {
  const noon = new Date(2026, 2, 29, 12).getTime();

  it('have a label for every type, Traywatch’s and those of other programs', () => {
    expect(OWN_EVENT_TYPES.map(formatEventType).every((label) => /^[A-Z][a-z -]+$/.test(label))).toBe(true);
    expect(formatEventType('lan_refresh_token_reused')).toBe('Sign-in token reused');
    expect(formatEventType('user_registered')).toBe('User registered');
  });

  it('format age and day', () => {
    expect([0, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000, 900_000_000, -120_000].map((ms) => formatAgo(noon - ms, noon))).toEqual(['just now', 'just now', '1 min ago', '59 min ago', '1 h ago', '1 d ago', '10 d ago', 'in the future']);
    // The night before is an hour shorter in many time zones: days are counted by the calendar.
    expect([noon, noon - 13 * 3_600_000, noon - 40 * 3_600_000].map((time) => formatDayHeading(time, noon))).toEqual(['Today', 'Yesterday', 'Friday, 2026-03-27']);
  });

  it('are grouped by day, also after the clock was set back', () => {
    const day = 86_400_000;
    const groups = groupByDay([event(5, { time: noon }), event(4, { time: noon - 1 }), event(3, { time: noon - day }), event(2, { time: noon }), event(1, { time: noon - day })]);
    expect(groups.map(({ events }) => events.map(({ id }) => id))).toEqual([[5, 4], [3], [2], [1]]);
    expect(new Set(groups.map(({ key }) => key)).size).toBe(4);
    expect(groupByDay([event(6, { time: noon }), ...(groups[0]?.events ?? [])])[0]?.key).toBe(groups[0]?.key);
  });

  it('link to the chart of their series, where they name one that exists', () => {
    const alert = event(1, { time: NOON, details: { series: 'disk.usage@/mnt/a@b' } });
    expect(seriesOf(alert)).toMatchObject({ family: 'disk' });
    expect(eventLink(alert, NOON + 60 * MINUTE)).toBe(`#/disk?range=1h&from=${NOON - 10 * MINUTE}&to=${NOON + 5 * MINUTE}&at=${NOON}`);
    expect(eventLink(alert, NOON + 1000)).toBe(`#/disk?range=1h&from=${NOON - 10 * MINUTE}&to=${NOON + 1000}&at=${NOON}`);
    expect(eventLink(event(1, { details: { series: 'disk.usage@/home', incident: 'disk-space:disk.usage@/home:5' } }), NOON)).toMatch(/^#\/disk\?range=1h&at=\d+&incident=disk-space%3Adisk\.usage%40%2Fhome%3A5$/);
    for (const details of [null, {}, { series: 7 }, { series: 'nothing.usage' }, { series: '__proto__.x' }]) expect(eventLink(event(1, { details }), NOON)).toBeNull();
  });
});

describe('chart annotations', () => {
  it('exist for alerts of the family and for events of other programs, not for gaps and user actions', () => {
    const cpu = { details: { series: 'cpu.usage' } };
    const annotated = [event(1), event(1, { type: 'alert_fired', ...cpu }), event(1, { type: 'clock_stepped' }), event(1, { type: 'deploy', ...cpu })];
    const others = [event(1, { type: 'host_slept' }), event(1, { type: 'settings_changed' }), event(1, { type: 'alert_acknowledged', ...cpu }), event(1, { type: 'alert_fired', details: { series: 'memory.usage' } }), event(1, { type: 'alert_fired' }), event(1, { type: 'deploy', details: { series: 'memory.usage' } })];
    expect(annotated.map((one) => isAnnotated(one, 'cpu'))).toEqual(annotated.map(() => true));
    expect(others.map((one) => isAnnotated(one, 'cpu'))).toEqual(others.map(() => false));
    expect([isOfFamily(anIncident('x'), 'cpu'), isOfFamily(anIncident('x', { series: 'gone' }), 'cpu')]).toEqual([true, false]);
  });

  it('are merged where they are close, with severity and time of the most severe, and are never more than fit', () => {
    const window = { from: NOON, to: NOON + 72_000 };
    const at = (seconds: number, severity: ActivityEvent['severity'] = 'info'): ActivityEvent => event(seconds, { time: NOON + seconds * 1000, severity });
    const groups = groupAnnotations([at(50), at(10.9, 'critical'), at(10, 'warning'), at(11), at(-1), at(73)], window);
    expect(groups.map(({ severity, time, events }) => [severity, (time - NOON) / 1000, events.length])).toEqual([['critical', 10.9, 2], ['info', 11, 1], ['info', 50, 1]]);
    expect(groupAnnotations(Array.from({ length: 1000 }, (_, n) => at(n * 0.072)), window).length).toBeLessThanOrEqual(73);
    expect(groupAnnotations([], window)).toEqual([]);
  });
});

describe('events and incidents of a range', () => {
  it('are requested once and updated by what arrives', async () => {
    const { client, store, add, state } = openActivityLog();
    const fired = (at: number) => ({ type: 'alert_fired', details: { series: 'cpu.usage', at } });
    add('fired', fired(0), 0);
    add('elsewhere', { type: 'alert_fired', details: { series: 'disk.usage' } }, 1);
    store.activity.putIncident(anIncident('a'));
    const annotations = createAnnotations(client, ['cpu'], { kind: 'live', span: '5m' }, () => NOON + 1000);
    const shown = () => annotations.store.getState();
    await annotations.load();
    expect(shown().events.map(({ message }) => message)).toEqual(['fired']);
    add('again', fired(2), 2000);
    const changed: Incident = anIncident('a', { clearedAt: NOON + 5000 });
    store.activity.putIncident(changed);
    store.activity.putIncident(anIncident('b', { firedAt: NOON + 4000 }));
    store.activity.putIncident(anIncident('c', { series: 'disk.usage' }));
    expect(shown().events.map(({ message }) => message)).toEqual(['again', 'fired']);
    expect(shown().incidents.map(({ id, clearedAt }) => `${id} ${clearedAt}`)).toEqual(['b null', `a ${NOON + 5000}`]);
    expect(state.requests).toBe(2);
    state.broken = true;
    await annotations.load();
    expect(shown().events).toHaveLength(2);
    annotations.stop();
    add('late', fired(3), 3000);
    expect(shown().events).toHaveLength(2);
  });

  it('contain nothing outside a fixed range', async () => {
    const { client, add } = openActivityLog();
    const annotations = createAnnotations(client, ['cpu'], { kind: 'fixed', from: NOON, to: NOON + 1000, span: '1h' }, () => NOON + 90_000);
    await annotations.load();
    add('outside', {}, 1001);
    add('inside', {}, 1000);
    expect(annotations.store.getState().events.map(({ message }) => message)).toEqual(['inside']);
    annotations.stop();
  });
});
