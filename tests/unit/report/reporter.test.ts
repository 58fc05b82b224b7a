/** Reports to a hub that is away, loses what it stored, or answers into the void: in the end it has what this machine has. */
import { array, assert, asyncProperty, constant, integer, oneof, record } from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createHub } from '../../../src/main/engine/hub';
import type { Hub } from '../../../src/main/engine/hub';
import { systemTimers } from '../../../src/main/engine/clock';
import type { Store } from '../../../src/main/engine/store/store-types';
import { finish } from '../../../src/main/engine/time-slicing';
import { Reporter } from '../../../src/main/report/reporter';
import type { ReporterStatus } from '../../../src/main/report/reporter';
import type { HostInfo } from '../../../src/shared/host-info';
import { FakeHub } from '../../support/fake-hub';
import { createCallbackLog } from '../../support/log';
import { cpuBatch, createStoreFixture, NOON, runMaintenance } from '../../support/store';
import type { StoreFixture } from '../../support/store';

const MACHINE = '0123456789abcdef0123456789abcdef';
const HOST: HostInfo = { hostname: 'shed', os: 'Linux', kernel: '6', arch: 'x64', model: null, cpuModel: null, cores: 2, memoryTotal: null, bootTime: null, appVersion: '1.0.0', startTime: NOON, environment: 'home', runtime: 'node', databasePath: null };

/** Ten seconds of waiting take ten milliseconds. The deadlines of requests do not shrink. */
const QUICK = { after: (ms: number, fn: () => void) => systemTimers.after(ms === 30_000 || ms === 1000 ? ms : ms / 1000, fn) };

/** A machine with a store, which reports. */
class Agent {
  readonly statuses: ReporterStatus[] = [];
  hub: Hub = createHub(() => undefined);
  store: Store;
  reporter: Reporter;
  run = 1;
  seq = 0;
  isNew = true;
  readonly used = new Set<number>();

  constructor(readonly fixture: StoreFixture, readonly target: FakeHub) {
    this.store = fixture.open().store;
    this.hub.subscribe((batch) => this.store.append(batch));
    this.reporter = this.#start();
  }

  #start(): Reporter {
    const { clock } = this.fixture;
    return new Reporter({
      clock: { now: () => clock.wall, mono: () => performance.now() },
      timers: QUICK,
      log: createCallbackLog(() => undefined),
      hub: this.hub,
      store: this.store,
      connection: this.target.connection(),
      machine: MACHINE,
      run: `run-${String(this.run).padStart(8, '0')}`,
      boot: () => 'boot',
      token: () => 'secret',
      onToken: () => undefined,
      about: () => Promise.resolve({ host: { ...HOST }, rules: [] }),
      random: () => 0.5,
      onStatus: (status) => void this.statuses.push(status),
    });
  }

  live(seconds: number): void {
    const { clock } = this.fixture;
    for (let i = 0; i < seconds; i += 1) {
      clock.wall += 1000;
      clock.mono += 1000;
      this.seq += 1;
      // No two rows have the same time, also where the clock was set back.
      let time = clock.wall;
      while (this.used.has(time)) time += 1;
      this.used.add(time);
      this.hub.publish({ ...cpuBatch(0, this.seq % 90, this.isNew ? 'start' : undefined), seq: this.seq, time });
      this.isNew = false;
    }
  }

  /** The process is killed and started again; what was not committed is lost. */
  kill(): void {
    this.reporter.close(false);
    this.store = this.fixture.open().store;
    this.hub = createHub(() => undefined);
    this.hub.subscribe((batch) => this.store.append(batch));
    this.run += 1;
    this.seq = 0;
    this.isNew = true;
    this.reporter = this.#start();
  }

  rows(): string[] {
    const { times, gaps, series } = finish(this.store.rowsAfter({ after: null, first: null, rows: 1e6, values: 1e9 }));
    return times.map((time, i) => `${time} ${gaps[i] ?? '-'} ${JSON.stringify({ 'cpu.usage': series['cpu.usage']?.[i] })}`);
  }
}

const agents: Agent[] = [];
function createAgent(target = new FakeHub()): { agent: Agent; target: FakeHub } {
  const agent = new Agent(createStoreFixture(), target);
  agents.push(agent);
  return { agent, target };
}
afterEach(() => agents.splice(0).forEach(({ reporter }) => reporter.close(false)));

async function until(what: () => boolean): Promise<void> {
  await expect.poll(what, { interval: 2, timeout: 20_000 }).toBe(true);
}
const texts = ({ rows }: FakeHub): string[] => rows.map(({ text }) => text);

describe('a reporter', () => {
  it('says what the machine is first, asks where the copy ends, and then sends rows, events and incidents', async () => {
    const { agent, target } = createAgent();
    agent.live(30);
    const event = agent.store.activity.addEvent({ type: 'note', severity: 'info', message: 'door opened', user: null, details: null }, NOON);
    agent.store.activity.addEvent({ type: 'lan_login', severity: 'info', message: 'only here', user: null, details: null }, NOON);
    await until(() => target.rows.length === 30 && target.events.length === 1);
    const [first, second] = target.reports;
    expect(first).toMatchObject({ machine: MACHINE, seq: 1, from: null, boot: 'boot', state: 'running', about: { host: { hostname: 'shed' } }, rows: { times: [] }, events: [] });
    expect(second).toMatchObject({ seq: 2, about: null });
    expect(texts(target)).toEqual(agent.rows());
    expect(target.events).toEqual([{ id: event.id, message: 'door opened' }]);
    expect(agent.statuses.at(-1)).toMatchObject({ state: 'reporting', behind: 0, reason: null });
  });

  it('sends the latest values first and the backlog in order, and says how far behind it is', async () => {
    const { agent, target } = createAgent();
    target.trouble = 'down';
    agent.live(3000);
    agent.store.commit();
    runMaintenance(agent.store, agent.fixture.clock.wall);
    agent.live(500);
    await until(() => agent.statuses.length > 0);
    expect(agent.statuses.at(-1)).toMatchObject({ state: 'retrying', reason: expect.stringContaining('cannot be reached') });
    target.trouble = 'none';
    await until(() => target.rows.length === 3500);
    expect(texts(target)).toEqual(agent.rows());
    const filled = target.reports.filter(({ rows }) => rows.times.length > 0);
    expect(filled.map(({ rows }) => rows.times.length)).toEqual([1000, 1000, 1000, 500]);
    expect(target.reports[0]?.live).toMatchObject({ time: agent.hub.snapshot().time });
    expect(filled.map(({ behind }) => behind > 0)).toEqual([true, true, true, false]);
    expect(agent.statuses.map(({ state }) => state)).toContain('catchingUp');
  });

  it('stops where it is refused and says what to do, and tries again rarely', async () => {
    for (const [status, words] of [[401, /does not know this machine any more/], [403, /was revoked there/], [409, /data folder was copied/]] as const) {
      const { agent, target } = createAgent();
      target.trouble = status;
      await until(() => agent.statuses.at(-1)?.state === 'refused');
      expect(agent.statuses.at(-1)?.reason).toMatch(words);
      const tries = target.tokens.length;
      await new Promise((resolve) => void setTimeout(resolve, 100));
      expect(target.tokens.length).toBe(tries);
      target.trouble = 'none';
      await until(() => agent.statuses.at(-1)?.state === 'reporting');
    }
  });

  it('sends fewer rows where reports are too large', async () => {
    const { agent, target } = createAgent();
    agent.live(900);
    await until(() => target.rows.length === 900);
    target.lose(900);
    target.trouble = 413;
    await new Promise((resolve) => void setTimeout(resolve, 60));
    target.trouble = 'none';
    await until(() => target.rows.length === 900);
    expect(texts(target)).toEqual(agent.rows());
    expect(Math.max(...target.reports.slice(-3).map(({ rows }) => rows.times.length))).toBeLessThanOrEqual(500);
  });

  it('does not send the same rows again and again to a hub that takes none', async () => {
    const { agent, target } = createAgent();
    target.interval = 60_000;
    target.take = ((take) => (input: unknown) => ({ ...take.call(target, { ...(input as object), rows: { times: [], gaps: {}, series: {} }, events: [] }), result: 'stored' as const }))(target.take.bind(target));
    agent.live(2500);
    await until(() => target.reports.length >= 2);
    await new Promise((resolve) => void setTimeout(resolve, 40));
    expect(target.reports.length).toBeLessThanOrEqual(4);
  });

  it('announces that the machine sleeps and that the program ends, and does not wait longer than a second', async () => {
    const { agent, target } = createAgent();
    agent.live(3);
    await until(() => target.rows.length === 3);
    agent.reporter.suspend();
    await until(() => target.reports.at(-1)?.state === 'suspending');
    agent.reporter.resume();
    await until(() => target.reports.at(-1)?.state === 'running');
    agent.reporter.close(true);
    expect(agent.reporter.running()).toHaveLength(1);
    await until(() => target.reports.at(-1)?.state === 'stopping' && agent.reporter.running().length === 0);
    expect(target.reports.at(-1)).toMatchObject({ rows: { times: [] }, from: target.rows.at(-1)?.time });
  });
});

const trouble = oneof(constant('none' as const), constant('down' as const), constant('lostAnswer' as const), constant(503 as const), constant(429 as const));
const history = array(
  oneof(
    { weight: 5, arbitrary: record({ does: constant('live' as const), n: integer({ min: 1, max: 1500 }) }) },
    { weight: 2, arbitrary: record({ does: constant('wait' as const), n: integer({ min: 1, max: 30 }) }) },
    { weight: 3, arbitrary: record({ does: constant('trouble' as const), n: trouble }) },
    { weight: 2, arbitrary: record({ does: constant('lose' as const), n: integer({ min: 1, max: 40 }) }) },
    { weight: 1, arbitrary: record({ does: constant('kill' as const), n: constant(0) }) },
    { weight: 1, arbitrary: record({ does: constant('forward' as const), n: integer({ min: 1, max: 9000 }) }) },
    { weight: 1, arbitrary: record({ does: constant('back' as const), n: integer({ min: 1, max: 400 }) }) },
  ),
  { minLength: 3, maxLength: 20 },
);

it('whatever fails, in the end the hub has each row once, in the order of this machine', async () => {
  await assert(
    asyncProperty(history, async (steps) => {
      const { agent, target } = createAgent();
      let isLossless = true;
      const sync = async (): Promise<void> => {
        target.trouble = 'none';
        agent.live(1);
        agent.reporter.resume();
        const last = agent.hub.snapshot().time;
        await until(() => target.rows.at(-1)?.time === last);
      };
      for (const { does, n } of steps) {
        if (does === 'live') agent.live(n);
        else if (does === 'wait') await new Promise((resolve) => void setTimeout(resolve, n));
        else if (does === 'trouble') target.trouble = n;
        else if (does === 'lose') target.lose(n);
        else if (does === 'forward') agent.fixture.clock.wall += n * 1000;
        else if (does === 'back') {
          agent.fixture.clock.wall -= n * 1000;
          agent.live(1);
          // A clock that was set in the last seconds before a kill is no time to tell by what was lost.
          agent.store.commit();
        } else {
          agent.store.commit();
          agent.live(3);
          isLossless = false;
          await new Promise((resolve) => void setTimeout(resolve, 5));
          agent.kill();
          agent.live(1);
        }
      }
      await sync();
      const own = agent.rows();
      const copy = texts(target);
      expect(new Set(copy).size).toBe(copy.length);
      expect(own.filter((row) => !copy.includes(row))).toEqual([]);
      if (isLossless) expect(copy).toEqual(own);
      agent.reporter.close(false);
    }),
    { numRuns: 25 },
  );
}, 120_000);
