import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { ActivityEvent } from '../../../../src/shared/timeline/event-schemas';
import type { Store } from '../../../../src/main/engine/store/store-types';
import type { TopProcess } from '../../../../src/shared/processes/process-schemas';
import { random } from '../../../support/noise';
import { createStoreFixture, cpuBatch, NOON, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';
import { aSnapshot, anEvent, anIncident, DAY, messages, MINUTE } from '../../../support/activity-log';

/**
 * Simulates eighty processes; each call returns the five busiest and the five largest. CPU time is noise about a level of
 * each process, memory changes slowly, and every few minutes a process ends and another starts.
 */
function simulateProcesses(): () => TopProcess[] {
  const next = random(20_261_120);
  const noise = (): number => Math.sqrt(-2 * Math.log(next() + 1e-9)) * Math.cos(2 * Math.PI * next());
  let pid = 1000;
  const begin = () => ({ pid: (pid += 1 + Math.floor(next() * 50)), name: `program-${Math.floor(next() * 40)}`, level: Math.exp(noise() * 1.5 - 1), memory: Math.exp(noise() * 1.2 + 18), cpu: 0 });
  const all = Array.from({ length: 80 }, begin);
  return () => {
    if (next() < 0.3) all[Math.floor(next() * all.length)] = begin();
    for (const one of all) {
      one.cpu = one.level * Math.exp(noise() * 0.8);
      if (next() < 0.5) one.memory *= Math.exp(noise() * 0.01);
    }
    const busiest = all.toSorted((a, b) => b.cpu - a.cpu).slice(0, 5);
    const largest = all.toSorted((a, b) => b.memory - a.memory).slice(0, 5);
    return [...new Set([...busiest, ...largest])].map(({ name, pid, cpu, memory }) => ({ name, pid, cpu, memory }));
  };
}

/** Runs maintenance now and again a minute later. */
function maintenance({ clock }: StoreFixture, store: Store): void {
  runMaintenance(store, clock.wall);
  clock.mono += MINUTE;
  runMaintenance(store, clock.wall);
}

describe('events', () => {
  it('are read newest first, page by page, before and after they are committed', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let n = 0; n < 250; n += 1) {
      store.activity.addEvent(anEvent(`#${n}`), NOON + n);
      if (n === 120) store.commit();
    }
    const check = (): void => {
      const found: ActivityEvent[] = [];
      for (let page = store.activity.events({ limit: 100 }); page.events.length > 0; page = store.activity.events({ limit: 100, before: found.at(-1)?.id ?? 0 })) {
        expect(page.total).toBe(250);
        found.push(...page.events);
      }
      expect(found.map(({ message }) => message)).toEqual(Array.from({ length: 250 }, (_, n) => `#${249 - n}`));
      expect(found.map(({ time }) => time)).toEqual(Array.from({ length: 250 }, (_, n) => NOON + 249 - n));
    };
    check();
    store.commit();
    check();
    store.close();
    expect(messages(fixture.open().store).slice(0, 2)).toEqual(['#249', '#248']);
  });

  it('are committed before the next samples if very many arrive at once', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open({ eventLimits: () => ({ keep: 10_000, pruneAt: 10_000 }) });
    for (let n = 0; n < 5050; n += 1) store.activity.addEvent(anEvent(`#${n}`), NOON);
    expect(store.activity.backlog()).toEqual({ waiting: 50, dropped: 0 });
    expect(store.activity.events({ limit: 1 }).total).toBe(5050);
  });

  it('are stored unchanged and emitted at once', () => {
    const fixture = createStoreFixture();
    const reported: ActivityEvent[] = [];
    const { store } = fixture.open({ onEvent: (event) => reported.push(event) });
    const details = JSON.parse('{"__proto__":1,"constructor":{"a":[null,true,"\\u0000\'\\";DROP TABLE events;--"]},"n":1e300}') as Record<string, number>;
    const nasty = anEvent("Robert'); DROP TABLE events;-- 🚀".padEnd(500, '😀'), { severity: 'critical', user: 'ada@example.test', details });
    const event = store.activity.addEvent(nasty, NOON + 0.4);
    expect(event).toEqual({ id: NOON, time: NOON, ...nasty });
    expect(reported).toEqual([event]);
    store.close();
    const { store: again } = fixture.open();
    expect(again.activity.events({ limit: 1 })).toEqual({ total: 1, events: [event], types: ['note'] });
    expect(JSON.stringify(again.activity.events({ limit: 1 }).events[0]?.details)).toBe(JSON.stringify(details));
  });

  it('are numbered in the order they were written, even when the clock is set back', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const ids = [0, DAY, -DAY, -DAY, 5 * DAY, Number.NEGATIVE_INFINITY].map((offset) => store.activity.addEvent(anEvent('x'), NOON + offset).id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    store.close();
    const { store: again } = fixture.open();
    expect(again.activity.addEvent(anEvent('after a restart'), NOON).id).toBeGreaterThan(ids.at(-1) ?? 0);
    expect(messages(again)[0]).toBe('after a restart');
    expect(messages(again, { from: NOON - DAY, to: NOON })).toEqual(['x', 'x']);
  });

  it('are filtered by type, severity, words and range, in memory as on disk', () => {
    const { store } = createStoreFixture().open();
    const add = (message: string, more: Parameters<typeof anEvent>[1], at: number): ActivityEvent => store.activity.addEvent(anEvent(message, more), NOON + at);
    add('100% of C:\\temp_1 is full', { type: 'alert_fired', severity: 'critical' }, 0);
    add('1000 of C:/tempX1 is full', { type: 'alert_fired', severity: 'warning' }, 1);
    add('ÄRGER mit Größe', { type: 'note' }, 2);
    const queries = [
      [{ text: '100%' }, ['100% of C:\\temp_1 is full']],
      [{ text: 'temp_1' }, ['100% of C:\\temp_1 is full']],
      [{ text: 'c:\\' }, ['100% of C:\\temp_1 is full']],
      [{ text: 'ärger GRÖSSE' }, []],
      [{ text: 'größe ärger' }, ['ÄRGER mit Größe']],
      [{ text: "'" }, []],
      [{ types: ['alert_fired'], severities: ['warning' as const] }, ['1000 of C:/tempX1 is full']],
      [{ types: ['note', '") OR (1=1'] }, ['ÄRGER mit Größe']],
      [{ types: ['alert_fired'], from: NOON + 1 }, ['1000 of C:/tempX1 is full']],
      [{ to: NOON + 1 }, ['100% of C:\\temp_1 is full']],
      [{ from: 1e300 }, []],
    ] as const;
    for (const state of ['in memory', 'on disk']) {
      for (const [query, expected] of queries) {
        expect(messages(store, query as Parameters<typeof messages>[1]), `${JSON.stringify(query)} ${state}`).toEqual(expected);
        expect(store.activity.events({ limit: 1, ...query } as Parameters<Store['activity']['events']>[0]).total).toBe(expected.length);
      }
      expect(store.activity.events({ limit: 1 }).types).toEqual(['alert_fired', 'note']);
      store.commit();
    }
  });

  it('are pruned to 1000 once there are more than 1100, or to the limits of the settings', () => {
    const fixture = createStoreFixture();
    let limits = { keep: 1000, pruneAt: 1100 };
    const { store } = fixture.open({ eventLimits: () => limits });
    const total = (): number => store.activity.events({ limit: 1 }).total;
    const add = (count: number): void => {
      for (let n = 0; n < count; n += 1) {
        store.activity.addEvent(anEvent(`#${n}`), NOON);
        if (n % 500 === 499) store.commit();
      }
      store.commit();
      maintenance(fixture, store);
    };
    add(1100);
    expect(total()).toBe(1100);
    add(1);
    expect(total()).toBe(1000);
    add(99);
    expect(total()).toBe(1099);
    limits = { keep: 50, pruneAt: 10 };
    maintenance(fixture, store);
    expect(total()).toBe(50);
    expect(messages(store, { limit: 3 })).toEqual(['#98', '#97', '#96']);
  });
});

describe('incidents', () => {
  it('are replaced by their later states, and filtered by range, rule and whether they are open', () => {
    const fixture = createStoreFixture();
    const reported: string[] = [];
    const { store } = fixture.open({ onIncident: ({ id, value }) => reported.push(`${id} ${value}`) });
    const put = store.activity.putIncident.bind(store.activity);
    put(anIncident('a', { firedAt: NOON, clearedAt: NOON + 1000, endedBy: 'recovered' }));
    put(anIncident('b', { firedAt: NOON + 5000, ruleId: 'disk' }));
    store.commit();
    put(anIncident('c', { firedAt: NOON + 6000 }));
    put(anIncident('c', { firedAt: NOON + 6000, value: 99, culprits: [] }));
    put(anIncident('b', { firedAt: NOON + 5000, ruleId: 'disk', clearedAt: NOON + 9000 }));
    const ids = (query: Partial<Parameters<Store['activity']['incidents']>[0]> = {}): readonly string[] =>
      store.activity.incidents({ from: 0, to: 1e15, limit: 100, openOnly: false, ...query }).map(({ id }) => id);
    const check = (from: Store): void => {
      expect(from.activity.openIncidents()).toEqual([anIncident('c', { firedAt: NOON + 6000, value: 99, culprits: [] })]);
      expect(ids()).toEqual(['c', 'b', 'a']);
      expect(ids({ limit: 2 })).toEqual(['c', 'b']);
      expect(ids({ from: NOON + 1001 })).toEqual(['c', 'b']);
      expect(ids({ to: NOON + 6000 })).toEqual(['b', 'a']);
      expect(ids({ ruleId: 'disk' })).toEqual(['b']);
      expect(ids({ openOnly: true })).toEqual(['c']);
    };
    check(store);
    store.commit();
    check(store);
    expect(reported).toEqual(['a 81', 'b 81', 'c 81', 'c 99', 'b 81']);
    store.close();
    expect(fixture.open().store.activity.openIncidents()).toHaveLength(1);
  });

  it('are removed with their snapshots once they are older than the history, and beyond 10 000; open ones are kept', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open({ keepDays: 10 });
    const put = (n: number, resolved: boolean): void => store.activity.putIncident(anIncident(`${n}`, { firedAt: NOON + n, clearedAt: resolved ? NOON + n : null }));
    put(-30 * DAY, true);
    put(-31 * DAY, false);
    for (const incident of [`${-30 * DAY}`, `${-31 * DAY}`]) store.activity.putProcessSnapshot({ ...aSnapshot(0, incident), time: NOON - 30 * DAY });
    for (let n = 1; n <= 10_050; n += 1) {
      put(n, true);
      if (n % 500 === 0) store.commit();
    }
    store.append(cpuBatch(0, 1));
    store.commit();
    maintenance(fixture, store);
    const all = store.activity.incidents({ from: 0, to: 1e15, openOnly: false, limit: 20_000 }).map(({ id }) => id);
    expect(all).toHaveLength(10_000);
    expect([all[0], all[9998], all[9999]]).toEqual(['10050', '52', `${-31 * DAY}`]);
    expect(store.activity.processSnapshots({ from: 0, to: NOON, limit: 9 }).map(({ incident }) => incident)).toEqual([`${-31 * DAY}`]);
  });
});

describe('process snapshots', () => {
  it('say in which container a process ran, and keep it apart from one of its name outside', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const processes: TopProcess[] = [{ name: 'postgres', container: 'shop-db', pid: 7, cpu: 60, memory: 65_536 }, { name: 'postgres', pid: 7, cpu: 5, memory: 65_536 }];
    store.activity.putProcessSnapshot({ time: NOON, incident: 'i', processes });
    const read = ({ activity }: Store): unknown => activity.processSnapshots({ from: NOON, to: NOON, limit: 1 }).map((snapshot) => snapshot.processes);
    expect(read(store)).toEqual([processes]);
    store.close();
    expect(read(fixture.open().store)).toEqual([processes]);
  });

  it('are the same in memory, on disk, and packed by the hour; the nearest come first', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const read = (from: number, to: number, limit = 5) => store.activity.processSnapshots({ from: NOON + from * MINUTE, to: NOON + to * MINUTE, limit });
    for (let minute = 0; minute < 200; minute += 1) store.activity.putProcessSnapshot(aSnapshot(minute));
    store.activity.putProcessSnapshot(aSnapshot(90, 'incident'));
    const before = [read(80, 100), read(0, 199, 200), read(90, 90), read(198, 300), read(300, 400)];
    expect(before[0]?.map(({ time }) => (time - NOON) / MINUTE)).toEqual([90, 90, 91, 89, 92]);
    expect(before.map(({ length }) => length)).toEqual([5, 200, 2, 2, 0]);
    const [first] = read(7, 7);
    expect(first?.processes).toEqual(aSnapshot(7).processes.toSorted((a, b) => (b.cpu ?? -1) - (a.cpu ?? -1)));
    const results = (): readonly (readonly string[])[] =>
      [read(80, 100), read(0, 199, 200), read(90, 90), read(198, 300), read(300, 400)].map((snapshots) => snapshots.map(({ time, incident, processes }) => `${time} ${incident} ${JSON.stringify(processes)}`));
    const inMemory = results();
    store.commit();
    expect(results()).toEqual(inMemory);
    maintenance(fixture, store);
    expect(results()).toEqual(inMemory);
    store.close();
    const db = new Database(fixture.path, { readonly: true });
    // Three packed hours, the minutes of the current one, and the snapshot of the incident.
    expect(db.prepare('SELECT count(*) FROM top_processes').pluck().get()).toBe(3 + 20 + 1);
    db.close();
  });

  it('are rounded when they are written, and truncated where a name or a list is too long', () => {
    const { store } = createStoreFixture().open();
    const odd = { name: 'x'.repeat(300), pid: 2 ** 31, cpu: 12.3456, memory: 100_000 };
    store.activity.putProcessSnapshot({ time: NOON, incident: null, processes: [{ ...odd, cpu: Number.NaN }, odd, ...Array.from({ length: 100 }, (_, n) => ({ ...odd, pid: n, cpu: 0 }))] });
    const [snapshot] = store.activity.processSnapshots({ from: NOON, to: NOON, limit: 1 });
    store.commit();
    expect(store.activity.processSnapshots({ from: NOON, to: NOON, limit: 1 })).toEqual([snapshot]);
    expect(snapshot?.processes).toHaveLength(50);
    expect(snapshot?.processes[0]).toEqual({ name: 'x'.repeat(200), pid: 2 ** 31, cpu: 12.3, memory: 131_072 });
    expect(snapshot?.processes.at(-1)?.cpu).toBeNull();
  });

  it('take little space: a week of minutes, ten processes each', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    store.commit();
    const empty = store.size();
    const topProcesses = simulateProcesses();
    for (let minute = 0; minute < 7 * 1440; minute += 1) {
      store.activity.putProcessSnapshot({ time: NOON + minute * MINUTE + (minute % 17), incident: null, processes: topProcesses() });
      if (minute % 60 === 59) {
        store.commit();
        maintenance(fixture, store);
      }
    }
    store.close();
    const bytes = store.size() - empty;
    console.log(`a week of process snapshots: ${bytes} bytes, ${(bytes / 10_080).toFixed(1)} a minute`);
    expect(bytes).toBeLessThan(700_000);
  });

  it('of ordinary minutes are removed after thirty days, those of incidents are not', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (const days of [-31, -29, 0]) {
      store.activity.putProcessSnapshot({ ...aSnapshot(0), time: NOON + days * DAY });
      store.activity.putProcessSnapshot({ ...aSnapshot(0, 'x'), time: NOON + days * DAY });
    }
    store.activity.putIncident(anIncident('x'));
    store.append(cpuBatch(0, 1));
    store.commit();
    maintenance(fixture, store);
    const kept = store.activity.processSnapshots({ from: 0, to: NOON, limit: 9 });
    expect(kept.map(({ incident, time }) => `${incident} ${(time - NOON) / DAY}`).toSorted()).toEqual(['null -29', 'null 0', 'x -29', 'x -31', 'x 0']);
  });
});
