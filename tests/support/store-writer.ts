/**
 * A process that only writes to a store, for a test that kills it: `writer <database> <time of its first batch> [turning | unlogged]`.
 * After each batch it writes one byte to standard output, unbuffered: "c" if the batch was committed, else "a". With `turning`
 * the event loop turns after each batch, so that checkpoints run outside it; commits then wait for them. With `unlogged` the
 * write-ahead log is refused, as on a network share.
 */
import { fdatasync, fdatasyncSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { createCallbackLog } from './log';
import { openDatabase } from '../../src/main/engine/store/database';
import type { Incident } from '../../src/shared/alerts/incident';
import { openStore } from '../../src/main/engine/store/open-store';

const [path = '', start = '0', mode] = process.argv.slice(2);
const isTurning = mode === 'turning';
const first = Number(start);
let taken = 0;
/** Ms between two batches: large enough that windows are sealed, and days rolled up, before the process is killed. */
const APART = 5000;
const clock = { now: () => first + taken * APART, mono: () => taken * 1000 };
const openFile: typeof openDatabase = (file, now, check) => openDatabase(file, now, check, { isLogRefused: mode === 'unlogged' });
const { store } = openStore({ path, openFile, clock, log: createCallbackLog(() => undefined), keepDays: 730, disk: { sync: fdatasync, syncNow: fdatasyncSync, logBytes: isTurning ? 30_000 : 2_000_000 } });

const INCIDENT: Omit<Incident, 'id' | 'firedAt' | 'value'> = {
  ruleId: 'kill',
  label: 'Kill',
  device: null,
  deviceLabel: null,
  series: 'connections.active',
  severity: 'warning',
  worst: 'warning',
  since: first,
  clearedAt: null,
  endedBy: null,
  threshold: 0,
  valueAtFire: 0,
  peak: 0,
  peakAt: first,
  acknowledgedAt: null,
  culprits: [],
};

for (;;) {
  const n = taken;
  taken += 1;
  const values = Object.fromEntries(['usage', 'user', 'system', 'load1', 'load5'].map((name, i) => [name, (n * 7919 * (i + 1)) % 9973]));
  // Each batch is recorded in the activity log, too, before it is appended, because appending may commit.
  const name = `${first} ${n}`;
  store.activity.addEvent({ type: 'batch', severity: 'info', message: name, user: null, details: { n } }, clock.now());
  store.activity.putIncident({ ...INCIDENT, id: `${first}`, firedAt: first, value: n });
  store.activity.putProcessSnapshot({ time: first + n * APART, incident: null, processes: [{ name: 'writer', pid: process.pid, cpu: 100, memory: 65_536 * n }] });
  store.append({
    seq: taken,
    time: first + n * APART,
    readings: { cpu: { values, devices: {} }, connections: { values: { active: n }, devices: {} } },
    faults: {},
    ...(n === 0 ? { gap: 'start' as const } : {}),
  });
  store.maintain(clock.now());
  writeSync(1, taken % 10 === 0 ? 'c' : 'a');
  if (isTurning) await turn();
}
