/**
 * A process that does nothing but write, to be killed: `writer <database> <time of its first batch> [turning]`. A byte on
 * standard output follows each batch taken: "c" when its commit is done, else "a". No byte is held back. One that is
 * turning lets the event loop turn after each batch, so that checkpoints are made beside it; commits then wait for them.
 */
import { fdatasync, fdatasyncSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { createCallbackLog } from './log';
import type { Incident } from '../../src/shared/alerts/incident';
import { openStore } from '../../src/main/engine/store/open-store';

const [path = '', start = '0', mode] = process.argv.slice(2);
const isTurning = mode === 'turning';
const first = Number(start);
let taken = 0;
/** Ms between two batches: long enough that slots and days are sealed and rolled within a short life. */
const APART = 5000;
const clock = { now: () => first + taken * APART, mono: () => taken * 1000 };
const { store } = openStore({ path, clock, log: createCallbackLog(() => undefined), keepDays: 730, disk: { sync: fdatasync, syncNow: fdatasyncSync, logBytes: isTurning ? 30_000 : 2_000_000 } });

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
  // The journal tells of each batch too, before the batch, which may be the one that is committed.
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
