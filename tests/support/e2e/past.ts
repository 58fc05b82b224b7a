/** A history to start with: an hour of samples with a spike in it, what ran, and what was noted of it. */
import path from 'node:path';
import { createCallbackLog } from '../log';
import { openStore } from '../../../src/main/engine/store/open-store';
import type { Incident } from '../../../src/shared/alerts/incident';
import { newEventSchema } from '../../../src/shared/timeline/event-schemas';

const MINUTE = 60_000;

/** What was written, epoch ms. */
export interface Past {
  from: number;
  to: number;
  /** When the spike's alert fired, and when it was over. */
  firedAt: number;
  clearedAt: number;
}

/** Writes an hour that ended `ago` ms before `now` into the database of a user-data folder; Traywatch must not run there. */
export function writePast(data: string, now: number, ago = 10 * MINUTE): Past {
  const to = Math.floor((now - ago) / MINUTE) * MINUTE;
  const from = to - 60 * MINUTE;
  const [firedAt, clearedAt] = [from + 31 * MINUTE, from + 36 * MINUTE];
  const { store } = openStore({ path: path.join(data, 'history.sqlite'), clock: { now: () => to, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 });
  const { activity } = store;
  for (let time = from; time < to; time += 1000) {
    const high = time >= firedAt - MINUTE && time < clearedAt;
    const usage = (high ? 93 : 12) + ((time / 1000) % 7);
    store.append({ seq: 1, time, readings: { cpu: { values: { usage, user: usage * 0.7, system: usage * 0.3, iowait: 0 }, devices: {} } }, faults: {}, ...(time === from ? { gap: 'start' } : {}) });
    if (time % MINUTE === 0) activity.putProcessSnapshot({ time, incident: null, processes: processesAt(high, time) });
  }
  const id = `cpu-usage cpu.usage ${firedAt}`;
  const tell = (type: string, severity: 'info' | 'warning' | 'critical', time: number, message: string, details: Record<string, string> | null = null): void => {
    activity.addEvent(newEventSchema.parse({ type, severity, message, details }), time);
  };
  tell('monitoring_started', 'info', from, 'Monitoring started');
  tell('user_registered', 'info', from + 12 * MINUTE, 'ada@example.test has registered');
  tell('stream_started', 'info', from + 22 * MINUTE, 'Stream “Evening” started');
  tell('alert_fired', 'critical', firedAt, 'CPU usage at 96 % for 1 min: stress-ng 310 %', { series: 'cpu.usage', incident: id });
  tell('alert_resolved', 'info', clearedAt, 'CPU usage back at 14 % after 5 min; the peak was 99 %', { series: 'cpu.usage', incident: id });
  tell('alert_fired', 'warning', from + 50 * MINUTE, 'Memory usage at 86 % for 2 min', { series: 'memory.usage' });
  tell('monitoring_stopped', 'info', to, 'Monitoring stopped');
  activity.putIncident(incidentAt(id, firedAt, clearedAt));
  activity.putProcessSnapshot({ time: firedAt, incident: id, processes: processesAt(true, firedAt) });
  store.close();
  return { from, to, firedAt, clearedAt };
}

function processesAt(high: boolean, time: number) {
  const MIB = 2 ** 20;
  const wave = (time / MINUTE) % 5;
  const usual = [
    { name: 'chrome', pid: 4120, cpu: 8 + wave, memory: 812 * MIB },
    { name: 'code', pid: 3981, cpu: 3.2, memory: 640 * MIB },
    { name: 'gnome-shell', pid: 2044, cpu: 2.1, memory: 310 * MIB },
    { name: 'Xorg', pid: 1877, cpu: 1.4, memory: 120 * MIB },
    { name: 'postgres: checkpointer', pid: 911, cpu: 0.1, memory: 96 * MIB },
  ];
  return high ? [{ name: 'stress-ng', pid: 9001, cpu: 310.4, memory: 48 * MIB }, ...usual] : usual;
}

function incidentAt(id: string, firedAt: number, clearedAt: number): Incident {
  return {
    id,
    ruleId: 'cpu-usage',
    label: 'CPU usage',
    device: null,
    deviceLabel: null,
    series: 'cpu.usage',
    severity: 'critical',
    worst: 'critical',
    since: firedAt - MINUTE,
    firedAt,
    clearedAt,
    endedBy: 'recovered',
    threshold: 90,
    valueAtFire: 96,
    value: 14,
    peak: 99,
    peakAt: firedAt + MINUTE,
    acknowledgedAt: null,
    culprits: [{ name: 'stress-ng', pid: 9001, value: 310.4, unit: 'percent' }],
  };
}
