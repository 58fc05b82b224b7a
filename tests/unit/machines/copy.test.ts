/** The hub's copy of a machine's history: continued where it ends, whatever was lost between. Real stores. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MachinesParts } from '../../../src/main/machines/index';
import { temporaryFolder } from '../../support/access';
import { openMachines } from '../../support/open-machines';
import { ABOUT, eventOf, incidentOf, ReportingMachine } from '../../support/reports';
import { createSimulatedTime } from '../../support/timers';

const NOON = Date.UTC(2026, 0, 5, 12);
const seconds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => NOON + (from + i) * 1000);

function openHub(folder = temporaryFolder(), time = createSimulatedTime(NOON + 3_600_000), change: Partial<MachinesParts> = {}) {
  const alerts: string[] = [];
  const pushed: string[] = [];
  const { machines, events } = openMachines(folder, time, {
    onEvent: (_machine, name) => pushed.push(name),
    onState: (_machine, name) => pushed.push(name),
    onAlert: (machine, { label }, kind) => alerts.push(`${machine?.name ?? 'hub'}: ${label} ${kind}`),
    ...change,
  });
  const machine = new ReportingMachine((report) => machines.take(report.machine, report), () => time.clock.now());
  const valuesOf = (from = NOON - 1000, to = NOON + 7_200_000): string => {
    const [found] = machines.get(machine.id)?.pipeline.store.query({ series: ['cpu.usage'], from, to, points: 10_000 }).series ?? [];
    return (found?.time ?? []).flatMap((at, i) => ((found?.count[i] ?? 0) > 0 ? [`${(at - NOON) / 1000}:${found?.avg[i]}`] : [])).join(' ');
  };
  return { machines, machine, time, folder, alerts, events, pushed, valuesOf };
}

describe('the copy of a history', () => {
  it('begins with the first report, which says where to go on, and has each row and event once', async () => {
    const { machine, machines, valuesOf } = openHub();
    expect(await machine.report({ about: ABOUT })).toMatchObject({ result: 'elsewhere', from: null, eventsFrom: 0, interval: 10_000, wantsAbout: false });
    expect(await machine.report({ rows: ReportingMachine.rows(seconds(0, 3)), events: [eventOf(NOON), eventOf(NOON + 1)] })).toMatchObject({ result: 'stored', from: NOON + 2000, eventsFrom: NOON + 1 });
    // The same once more, as after a lost answer: it does not go on where the copy ends.
    machine.from = null;
    machine.eventsFrom = 0;
    expect((await machine.report({ rows: ReportingMachine.rows(seconds(0, 3)), events: [eventOf(NOON)] })).result).toBe('elsewhere');
    expect((await machine.report({ rows: ReportingMachine.rows(seconds(3, 2)) })).result).toBe('stored');
    expect(valuesOf()).toBe('0:0 1:1 2:2 3:3 4:4');
    expect(machines.get(machine.id)?.pipeline.store.activity.events({ limit: 10 }).events.map(({ id }) => id)).toEqual([NOON + 1, NOON]);
  });

  it('says an earlier position after a crash that lost what was not committed, and has no hole then', async () => {
    const first = openHub();
    await first.machine.report({ about: ABOUT });
    await first.machine.report({ rows: ReportingMachine.rows(seconds(0, 3)), events: [eventOf(NOON)] });
    first.machines.get(first.machine.id)?.pipeline.store.commit();
    await first.machine.report({ rows: ReportingMachine.rows(seconds(3, 3)) });
    // Another program opens the files as they are on the disk, as after kill -9: the first never closes before.
    const second = openHub(first.folder, first.time);
    second.machine.seq = 100;
    second.machine.from = NOON + 5000;
    second.machine.eventsFrom = NOON;
    expect(await second.machine.report({ rows: ReportingMachine.rows(seconds(6, 1)) })).toMatchObject({ result: 'elsewhere', from: NOON + 2000, eventsFrom: NOON });
    await second.machine.report({ rows: ReportingMachine.rows(seconds(3, 4)) });
    expect(second.valuesOf()).toBe('0:0 1:1 2:2 3:3 4:4 5:5 6:6');
  });

  it('has each row and event once after 50 random kills of the hub, lost answers and repeated reports', async () => {
    const random = ((seed: number) => () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647))(20_261_201);
    let hub = openHub();
    let [kills, losses] = [0, 0];
    const all = seconds(0, 600);
    const machine = hub.machine;
    const agent = new ReportingMachine((report) => hub.machines.take(machine.id, report), () => hub.time.clock.now(), machine.id);
    await agent.report({ about: ABOUT });
    for (let turn = 0; turn < 2000 && (agent.from !== all.at(-1) || kills < 50); turn += 1) {
      const next = all.filter((time) => agent.from === null || time > agent.from).slice(0, 1 + Math.floor(random() * 12));
      const events = next.filter((time) => time > (agent.eventsFrom ?? 0)).map((time) => eventOf(time));
      const [from, eventsFrom] = [agent.from, agent.eventsFrom];
      await agent.report({ rows: ReportingMachine.rows(next), events });
      if (random() < 0.1) Object.assign(agent, { from, eventsFrom });
      if (random() < 0.2) await hub.time.advance(11_000);
      if (random() < 0.2 && kills < 50) {
        kills += 1;
        // What was not committed is lost with it.
        hub = openHub(hub.folder, hub.time);
        const before = agent.from ?? 0;
        await agent.report();
        if ((agent.from ?? 0) < before) losses += 1;
      }
    }
    expect(kills).toBe(50);
    expect(losses).toBeGreaterThan(10);
    expect(hub.valuesOf()).toBe(all.map((time, i) => `${i}:${Math.floor(time / 1000) % 100}`).join(' '));
    const ids = hub.machines.get(machine.id)?.pipeline.store.activity.eventsAfter(0, 1000).map(({ id }) => id);
    expect(ids).toEqual(all);
  }, 60_000);

  it('corrects the times of a clock that is three hours ahead, and says so; the position stays in the time of the machine', async () => {
    const { machine, machines, time, valuesOf } = openHub();
    machine.ahead = 3 * 3_600_000;
    await machine.report({ about: ABOUT });
    const theirs = seconds(0, 2).map((at) => at + machine.ahead);
    expect((await machine.report({ rows: { ...ReportingMachine.rows(theirs), series: { 'cpu.usage': [5, 6] } }, live: ReportingMachine.live(time.clock.now() + machine.ahead, 42) })).from).toBe(theirs[1]);
    expect(valuesOf()).toBe('0:5 1:6');
    expect(machines.list(false)[0]).toMatchObject({ state: 'live', clockOff: 3 * 3_600_000, sampledAt: time.clock.now(), usage: { cpu: 42 } });
    await time.advance(125_000);
    expect(machines.list(false)[0]?.state).toBe('away');
  });

  it('leaves out series that it does not know, names of properties, and rows from the future; they are not asked for again', async () => {
    const { machine, valuesOf } = openHub();
    await machine.report({ about: ABOUT });
    const rows = { ...ReportingMachine.rows([NOON, NOON + 86_400_000]), series: { 'cpu.usage': [1, 2], 'quantum.flux': [1, 2], 'disk.usage@constructor': [1, 2], 'disk.usage@__proto__': [1, 2] } };
    expect((await machine.report({ rows })).from).toBe(NOON + 86_400_000);
    expect(valuesOf(NOON - 1000, NOON + 90_000_000)).toContain(':1');
    expect(valuesOf(NOON + 80_000_000, NOON + 90_000_000)).toBe('');
  });

  it('keeps no more series of a machine than there may be, and says so', async () => {
    const { machine, machines } = openHub();
    await machine.report({ about: ABOUT });
    for (let part = 0; part < 5; part += 1) {
      const series = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`disk.usage@/mnt/${part * 2000 + n}`, [1]]));
      await machine.report({ rows: { times: [NOON + part * 1000], gaps: {}, series } });
    }
    expect(machines.list(false)[0]?.problem).toBe('It reports more than 3000 series; the others are not kept.');
  });

  it('takes no old report again, and refuses two programs that take turns', async () => {
    const { machine, machines, valuesOf } = openHub();
    await machine.report({ about: ABOUT });
    const captured = machine.compose({ rows: ReportingMachine.rows(seconds(0, 2)) });
    await machine.send(captured);
    expect((await machine.send(captured)).result).toBe('elsewhere');
    expect(valuesOf()).toBe('0:0 1:1');
    const other = new ReportingMachine(machine.send, machine.now, machine.id);
    other.run = 'run-0002';
    await other.report();
    await machine.report();
    await expect(other.report()).rejects.toMatchObject({ code: 'Conflict' });
    expect(machines.list(false)[0]?.problem).toContain('a data folder was copied');
  });

  it('tells of live incidents once, with the name; of replayed ones never; removes the files of a machine', async () => {
    const { machine, machines, alerts, folder, time, events } = openHub();
    await machine.report({ about: ABOUT });
    const now = time.clock.now();
    await machine.report({ incidents: [incidentOf(now - 3_600_000, { clearedAt: now - 3_000_000, endedBy: 'recovered' }), incidentOf(now - 7_200_000)] });
    expect(alerts).toEqual([]);
    const live = incidentOf(now - 1000, { label: '<b>CPU</b>\u202e usage' });
    await machine.report({ incidents: [live] });
    await machine.report({ incidents: [live] });
    expect(machines.list(false)[0]).toMatchObject({ open: 2, worst: { title: '<b>CPU</b> usage' } });
    await machine.report({ incidents: [{ ...live, clearedAt: now, endedBy: 'recovered' }] });
    expect(alerts).toEqual(['nas: <b>CPU</b> usage fired', 'nas: <b>CPU</b> usage resolved']);
    const own = join(folder, 'machines', machine.id);
    expect(existsSync(own)).toBe(true);
    machines.remove(machine.id);
    expect(existsSync(own)).toBe(false);
    expect(machines.list(false)).toEqual([]);
    expect(events).toContain('machine_removed');
  });

  it('asks for reports each second while somebody looks, and pushes to nobody else', async () => {
    const { machine, machines, pushed, time } = openHub();
    await machine.report({ about: ABOUT });
    await machine.report({ live: ReportingMachine.live(time.clock.now(), 1) });
    expect(pushed).toEqual([]);
    machines.watch('window:1', machine.id);
    expect((await machine.report({ live: ReportingMachine.live(time.clock.now(), 2, 2), state: 'paused' })).interval).toBe(1000);
    expect(pushed).toEqual(['batch', 'appState']);
    expect(machines.list(true)[0]).toMatchObject({ state: 'paused', spark: { cpu: expect.arrayContaining([2]) } });
    machines.leave('window:1');
    expect((await machine.report()).interval).toBe(10_000);
  });
});
