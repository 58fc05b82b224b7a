/** A hub and machines that report to it: separate processes that join by a code, are cut off, killed and revoked. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { openStore } from '../../src/main/engine/store/open-store';
import { finish } from '../../src/main/engine/time-slicing';
import type { MachineSummary } from '../../src/shared/machines/machine-schemas';
import { createCallbackLog } from '../support/log';
import { expect, test, until } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { startHeadless } from '../support/e2e/headless';
import type { Headless } from '../support/e2e/headless';

const HUB_PORT = 18_640;
const HUB = `https://127.0.0.1:${HUB_PORT}`;
/** Most seconds of samples that a kill may cost: what was not committed. */
const COMMIT = 11;

/** A row as text, and its time. */
interface Row {
  readonly time: number;
  readonly text: string;
}

/** All rows of a history, in the order they were added or, where sealed, of time; read from a copy of its files. */
function rowsOf(history: string): Row[] {
  const copy = fs.mkdtempSync(path.join(path.dirname(history), 'copy-'));
  for (const end of ['', '-wal']) if (fs.existsSync(history + end)) fs.copyFileSync(history + end, path.join(copy, `history.sqlite${end}`));
  const { store } = openStore({ path: path.join(copy, 'history.sqlite'), clock: { now: () => Date.now(), mono: () => performance.now() }, log: createCallbackLog(() => undefined), keepDays: 730 });
  try {
    const { times, series } = finish(store.rowsAfter({ after: null, first: null, rows: 1e6, values: 1e9 }));
    const keys = Object.keys(series).sort();
    return times.map((time, i) => ({ time, text: `${time} ${keys.flatMap((key) => (series[key]?.[i] === null ? [] : [`${key}=${series[key]?.[i]}`])).join(' ')}` }));
  } finally {
    store.close();
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

const machinesOf = async (page: Page): Promise<readonly MachineSummary[]> => (await ask(page, 'machines', {})).slice(1);

async function share(page: Page): Promise<string> {
  await ask(page, 'updateSettings', { lan: { enabled: true, addresses: ['127.0.0.1'], port: HUB_PORT } });
  const state = await until('the server', async () => {
    const now = await ask(page, 'lanState', {});
    return now.state === 'listening' ? now : undefined;
  });
  return state.certificate?.fingerprint ?? '';
}

/** Starts a machine that joins the hub by a code, and approves it there. */
async function joinBy(page: Page, port: number): Promise<Headless> {
  const { pairingCode } = await ask(page, 'lanPairingStart', {});
  const run = startHeadless(port, ['--join', HUB, '--code', pairingCode?.code ?? '']);
  const request = await until('its request', async () => (await ask(page, 'lanAccess', {})).requests.find(({ machine }) => machine !== undefined));
  await ask(page, 'lanApprove', { id: request.id, role: null });
  await until('the word that it reports', () => Promise.resolve(run.text().includes('Reports to ') || undefined));
  return run;
}

const idOf = ({ data }: Headless): string => (JSON.parse(fs.readFileSync(path.join(data, 'report.json'), 'utf8')) as { machine: string }).machine;
const historyOf = ({ data }: Headless): string => path.join(data, 'history.sqlite');
const copyOf = (data: string, run: Headless): string => path.join(data, 'machines', idOf(run), 'history.sqlite');
const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function stateOf(page: Page, run: Headless): Promise<MachineSummary> {
  return until('the machine', async () => (await machinesOf(page)).find(({ id }) => id === idOf(run)));
}

/** What the hub has is what the machine has, up to the last report. */
function expectSame(own: readonly Row[], copy: readonly Row[]): void {
  const end = copy.at(-1)?.time ?? 0;
  expect(copy.length).toBeGreaterThan(0);
  expect(copy.map(({ text }) => text)).toEqual(own.filter(({ time }) => time <= end).map(({ text }) => text));
}

test('machines join by a code, are live on the hub, and its history of them has no hole when it was away', async ({ start, data }) => {
  test.setTimeout(300_000);
  let app = await start();
  let page = await app.page();
  const fingerprint = await share(page);
  const runs: Headless[] = [];
  try {
    for (const port of [18_641, 18_642]) runs.push(await joinBy(page, port));
    const [first, second] = runs as [Headless, Headless];
    expect(first.text()).toContain(`Its certificate fingerprint (SHA-256): ${fingerprint}`);
    expect(idOf(first)).not.toBe(idOf(second));
    await expect.poll(async () => (await machinesOf(page)).map(({ state }) => state), { timeout: 40_000 }).toEqual(['live', 'live']);
    expect((await stateOf(page, first)).usage.memory).toBeGreaterThan(0);
    await wait(15_000);
    expect(await app.quit()).toBe(0);
    await wait(20_000);
    expect(first.text()).toContain('cannot be reached; it is tried again');
    app = await start();
    page = await app.page();
    const back = Date.now();
    await expect.poll(async () => (await machinesOf(page)).every(({ state, sampledAt }) => state === 'live' && (sampledAt ?? 0) > back), { timeout: 90_000 }).toBe(true);
    await wait(12_000);
    // The one is ended as a service is, and says so; the other is removed, and is told.
    expect(await first.stop()).toBe(0);
    await expect.poll(async () => (await stateOf(page, first)).state).toBe('stopped');
    const copied = path.join(data, 'machines', idOf(second));
    const before = idOf(second);
    await ask(page, 'removeMachine', { id: before });
    await expect.poll(() => second.text(), { timeout: 30_000 }).toMatch(/Nothing is reported to .*join the hub with a new code/);
    expect((await machinesOf(page)).map(({ id }) => id)).toEqual([idOf(first)]);
    await expect.poll(() => fs.existsSync(copied)).toBe(false);
    expect(await app.quit()).toBe(0);
    const own = rowsOf(historyOf(first));
    expectSame(own, rowsOf(copyOf(data, first)));
    // Nearly all of it: the last report was at most one interval before the end.
    expect(rowsOf(copyOf(data, first)).length).toBeGreaterThan(own.length - 15);
  } finally {
    for (const run of runs) await run.discard();
  }
});

test('killed again and again, neither side stores anything twice or leaves more out than was not committed', async ({ start, data }) => {
  test.setTimeout(400_000);
  let app = await start();
  let page = await app.page();
  await share(page);
  let run = await joinBy(page, 18_643);
  try {
    for (const [kills, seconds] of ([['agent', 7], ['hub', 13], ['both', 4], ['agent', 16], ['hub', 5]] as const)) {
      await wait(seconds * 1000);
      if (kills !== 'hub') {
        run.signal('SIGKILL');
        await run.ended;
      }
      if (kills !== 'agent') {
        await app.killAll();
        app = await start();
        page = await app.page();
      }
      if (kills !== 'hub') run = startHeadless(18_643, [], {}, { data: run.data });
    }
    const back = Date.now();
    await expect.poll(async () => (await stateOf(page, run)).sampledAt ?? 0, { timeout: 120_000 }).toBeGreaterThan(back);
    await wait(15_000);
    expect(await run.stop()).toBe(0);
    expect(await app.quit()).toBe(0);
    const own = rowsOf(historyOf(run));
    const copy = rowsOf(copyOf(data, run));
    const times = copy.map(({ time }) => time);
    expect(new Set(times).size).toBe(times.length);
    const end = times.at(-1) ?? 0;
    const copied = new Set(copy.map(({ text }) => text));
    expect(own.filter(({ time, text }) => time <= end && !copied.has(text)).map(({ text }) => text)).toEqual([]);
    // What only the hub has was lost by the machine when it was killed.
    const known = new Set(own.map(({ text }) => text));
    expect(copy.filter(({ text }) => !known.has(text)).length).toBeLessThanOrEqual(3 * COMMIT);
    const holes = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(Math.max(...holes)).toBeLessThan((COMMIT + 25) * 1000);
  } finally {
    await run.discard();
  }
});

test('where joining comes to nothing a sentence says why, with exit code 1', async () => {
  const run = startHeadless(18_644, ['--join', 'https://127.0.0.1:1', '--code', '123456']);
  try {
    expect(await run.ended).toBe(1);
    expect(run.errors()).toContain('traywatch: There is no hub at 127.0.0.1:1 (');
    // Its history is in order: what was sampled until then is stored.
    expect(rowsOf(historyOf(run)).length).toBeGreaterThan(0);
  } finally {
    await run.discard();
  }
});
