/** A machine that reports to a hub under test, report by report: what an agent sends, without an agent. */
import type { Incident } from '../../src/shared/alerts/incident';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { REPORT_VERSION } from '../../src/shared/machines/report-schemas';
import type { Report, ReportAnswer, ReportedAbout } from '../../src/shared/machines/report-schemas';
import type { ActivityEvent } from '../../src/shared/timeline/event-schemas';

/** What it says that it is. */
export const ABOUT: ReportedAbout = {
  host: { hostname: 'nas', os: 'Debian 12', kernel: '6.1', arch: 'x64', model: null, cpuModel: null, cores: 4, memoryTotal: 8e9, bootTime: 1, appVersion: '0.0.0', startTime: 1, environment: 'home', runtime: 'Node', databasePath: '/home/secret/history.sqlite' },
  rules: DEFAULT_RULES,
};

/** An event with its own number. */
export const eventOf = (id: number, message = `event ${id}`): ActivityEvent => ({ id, time: id, type: 'app_started', severity: 'info', message, user: null, details: null });

/** An open incident that fired at `time`. */
export const incidentOf = (time: number, change: Partial<Incident> = {}): Incident => ({
  id: `cpu|cpu.usage|${time}`,
  ruleId: 'cpu-high',
  label: 'CPU usage',
  device: null,
  deviceLabel: null,
  series: 'cpu.usage',
  severity: 'warning',
  worst: 'warning',
  since: time - 60_000,
  firedAt: time,
  clearedAt: null,
  endedBy: null,
  threshold: 90,
  valueAtFire: 95,
  value: 95,
  peak: 95,
  peakAt: time,
  acknowledgedAt: null,
  culprits: [{ name: 'stress-ng', pid: 7, value: 300, unit: 'percent' }],
  ...change,
});

/** A machine that reports. */
export class ReportingMachine {
  readonly id: string;
  run = 'run-0001';
  boot: string | null = 'boot-1';
  seq = 0;
  from: number | null = null;
  eventsFrom: number | null = null;
  /** Its clock less the hub's, ms. */
  ahead = 0;

  constructor(readonly send: (report: Report) => Promise<ReportAnswer>, readonly now: () => number, id = 'ab'.repeat(16)) {
    this.id = id;
  }

  /** A report that goes on where the hub's copy ends, as far as the machine knows. */
  compose(change: Partial<Report> = {}): Report {
    this.seq += 1;
    const { id: machine, run, boot, seq, from, eventsFrom } = this;
    return { v: REPORT_VERSION, machine, run, seq, sentAt: this.now() + this.ahead, boot, state: 'running', about: null, live: null, from, rows: { times: [], gaps: {}, series: {} }, behind: 0, eventsFrom, events: [], incidents: [], ...change };
  }

  /** Sends a report, and goes on from what is answered. */
  async report(change: Partial<Report> = {}): Promise<ReportAnswer> {
    const answer = await this.send(this.compose(change));
    ({ from: this.from, eventsFrom: this.eventsFrom } = answer);
    return answer;
  }

  /** Rows of CPU usage at these times, with the second as value. */
  static rows(times: readonly number[], gaps: Report['rows']['gaps'] = {}): Report['rows'] {
    return { times, gaps, series: { 'cpu.usage': times.map((time) => Math.floor(time / 1000) % 100) } };
  }

  /** Live values. */
  static live(time: number, usage: number, seq = 1): unknown {
    return { seq, time, readings: { cpu: { values: { usage }, devices: {} } }, faults: {} };
  }
}
