/** One machine that reports here: takes its reports, one after the other, and knows how it is. */
import type { Incident } from '../../shared/alerts/incident';
import type { MachineSettings, MachineSummary } from '../../shared/machines/machine-schemas';
import type { Report, ReportAnswer } from '../../shared/machines/report-schemas';
import type { SampleBatch } from '../../shared/metrics/reading';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { readSeriesKeys } from '../engine/store/query/read-only-connection';
import { runInSlices } from '../engine/time-slicing';
import { checkedAbout, checkedEvent, checkedIncident, liveBatch } from './checked-report';
import { ClockOffset } from './clock-offset';
import { copiedRows } from './copied-rows';
import { alertKindOf } from './live-incident';
import type { AlertKind } from './live-incident';
import type { KnownMachine } from './machine-file';
import type { Pipeline } from './pipeline';
import { AWAY, stateOf } from './presence';
import type { Return } from './return-event';
import { RunWatch } from './run-watch';
import { SeriesLimit } from './series-limit';
import { usageOf, worstOf } from './summary';
import { createUsageHistory } from './usage-history';
import { ageOf } from './version-age';

/** Rows of one report beyond which they are committed at once: while a machine catches up, many come in a short time. */
const COMMIT_ROWS = 60;
/** Rows later than this, ms after now, are of a clock that was wrong. */
const FUTURE = 3_600_000;
/** When a report arrived is kept to this, ms. */
const SEEN_STEP = 10 * 60_000;

/** What a machine tells of itself. */
interface MachineListener {
  onBatch(batch: SampleBatch): void;
  /** An incident that is live began, got worse or ended; what is replayed does not count. */
  onAlert(incident: Incident, kind: AlertKind): void;
  onPaused(): void;
  onReturn(how: Return): void;
}

/** What a machine needs. */
export interface MachineParts {
  readonly clock: Clock;
  readonly pipeline: Pipeline;
  readonly listener: MachineListener;
  /** The hub's version of Traywatch. */
  readonly version: string;
  /** False where it may not report any more. */
  mayReport(): boolean;
  /** Milliseconds until its next report is wanted. */
  interval(): number;
  /** What is known of it has changed, and is to be kept. */
  save(known: KnownMachine): void;
}

interface LastReport {
  /** Monotonic ms, and epoch ms of the hub. */
  readonly mono: number;
  readonly at: number;
  readonly state: Report['state'];
  readonly behind: number;
}

/** A machine that reports here. */
export class Machine {
  readonly #parts: MachineParts;
  readonly #runs = new RunWatch();
  readonly #offset = new ClockOffset();
  readonly #usage = createUsageHistory();
  readonly #limit: SeriesLimit;
  #known: KnownMachine;
  #last: LastReport | null = null;
  /** Time, at the machine, of the row that was taken last; null for none. */
  #from: number | null;
  /** Null until they are read again. */
  #open: readonly Incident[] | null = null;
  #work: Promise<unknown> = Promise.resolve();

  constructor(known: KnownMachine, parts: MachineParts) {
    this.#known = known;
    this.#parts = parts;
    const { store, path } = parts.pipeline;
    this.#from = store.copiedUntil();
    this.#limit = new SeriesLimit(() => (path === null ? [] : readSeriesKeys(path)), () => parts.clock.mono());
  }

  get pipeline(): Pipeline {
    return this.#parts.pipeline;
  }

  get known(): KnownMachine {
    return this.#known;
  }

  /** Monotonic ms of the last report; null before the first in this run of the hub. */
  get lastReport(): Pick<LastReport, 'mono' | 'state'> | null {
    return this.#last;
  }

  setSettings(settings: MachineSettings): void {
    this.#known = { ...this.#known, settings };
    this.pipeline.setLimits(settings);
  }

  /** Takes a report. Rejects with a CallError where it is refused. */
  take(report: Report): Promise<ReportAnswer> {
    const taken = this.#work.then(() => this.#take(report));
    this.#work = taken.catch(() => undefined);
    return taken;
  }

  openIncidents(): readonly Incident[] {
    this.#open ??= this.pipeline.store.activity.openIncidents();
    return this.#open;
  }

  /** Adds an incident, or replaces its earlier state. */
  putIncident(incident: Incident): void {
    const { clock, pipeline, listener } = this.#parts;
    const before = this.openIncidents().find(({ id }) => id === incident.id) ?? null;
    this.#open = null;
    pipeline.store.activity.putIncident(incident);
    const kind = alertKindOf(before, incident, clock.now());
    if (kind !== null) listener.onAlert(incident, kind);
  }

  /** The machine as its card shows it. */
  summary(withSpark: boolean): MachineSummary {
    const { clock, pipeline, version, mayReport } = this.#parts;
    const { id, settings, about, reportedAt } = this.#known;
    const snapshot = pipeline.hub.snapshot();
    const open = this.openIncidents();
    const last = this.#last;
    const mono = clock.mono();
    const state = stateOf(last === null ? null : { age: mono - last.mono, state: last.state, behind: last.behind });
    return {
      id,
      state: mayReport() ? state : 'revoked',
      settings,
      name: settings.name,
      hostname: about?.host.hostname ?? settings.name,
      os: about?.host.os ?? '',
      version: about?.host.appVersion ?? '',
      age: ageOf(about?.host.appVersion ?? version, version),
      reportedAt: last?.at ?? reportedAt,
      sampledAt: snapshot.seq > 0 ? snapshot.time : null,
      behind: last?.behind ?? null,
      clockOff: this.#offset.ahead,
      usage: usageOf(snapshot),
      spark: withSpark ? this.#usage.spark(mono) : null,
      open: open.length,
      worst: worstOf(open, clock.now()),
      problem: this.#problem(),
      bytes: pipeline.store.size(),
    };
  }

  #problem(): string | null {
    const { clock, mayReport } = this.#parts;
    if (!mayReport()) return 'It may not report here any more. Let it join again, or remove it.';
    if (this.#runs.isCopied(clock.mono())) return 'Two machines report under this name: a data folder was copied. Leave the hub on one of them and join again there.';
    return this.#limit.problem() ?? this.pipeline.problem();
  }

  async #take(report: Report): Promise<ReportAnswer> {
    const { clock, pipeline, listener } = this.#parts;
    const arrived = { mono: clock.mono(), at: clock.now() };
    const verdict = this.#runs.check(report.run, report.seq, arrived.mono);
    if (verdict === 'copy') throw new CallError('Conflict', 'another machine reports under this id: its data folder was copied');
    if (verdict === 'old') return this.#answer('elsewhere');
    if (pipeline.store.health().state === 'failing') throw new CallError('Unavailable', 'the history cannot be saved here now');
    this.#see(report, arrived);
    if (report.about !== null) this.#keep({ about: checkedAbout(report.about) });
    const { correction } = this.#offset;
    const live = liveBatch(report.live, correction);
    if (live !== null) {
      pipeline.hub.publish(live);
      this.#usage.add(usageOf(pipeline.hub.snapshot()), arrived.mono);
      listener.onBatch(live);
    }
    this.#setPaused(report.state === 'paused');
    for (const incident of report.incidents) this.putIncident(checkedIncident(incident, correction));
    const isNext = report.from === this.#from && report.eventsFrom === pipeline.store.activity.lastEvent();
    if (!isNext) return this.#answer('elsewhere');
    await this.#append(report, correction);
    return this.#answer('stored');
  }

  /** Continues the copy of the history. */
  async #append({ rows, events }: Report, correction: number): Promise<void> {
    const { clock, pipeline: { store, gaps, hub } } = this.#parts;
    for (const event of events) {
      const checked = checkedEvent(event, correction);
      if (checked !== null) store.activity.copyEvent(checked);
    }
    const facts = { correction, latest: clock.now() + FUTURE, snapshot: hub.snapshot(), isKept: (key: string) => this.#limit.takes(key) };
    function* append(): Generator<void, void> {
      for (const { batch, from } of copiedRows(rows, facts)) {
        gaps.onBatch(batch);
        store.append(batch, from);
        yield;
      }
    }
    await runInSlices(append, () => clock.mono());
    // Also past rows that are not kept.
    this.#from = rows.times.at(-1) ?? this.#from;
    if (rows.times.length > COMMIT_ROWS) store.commit();
  }

  #answer(result: ReportAnswer['result']): ReportAnswer {
    const { clock, pipeline, interval } = this.#parts;
    return { result, from: this.#from, eventsFrom: pipeline.store.activity.lastEvent(), interval: interval(), hubTime: clock.now(), wantsAbout: this.#known.about === null, token: null };
  }

  /** Notes that it is there, and how it came back. */
  #see({ run, boot, state, behind, sentAt }: Report, { mono, at }: Pick<LastReport, 'mono' | 'at'>): void {
    const { listener } = this.#parts;
    const before = this.#last;
    const known = this.#known;
    if (state === 'running' || state === 'paused') this.#offset.add(at - sentAt);
    this.#last = { mono, at, state, behind };
    const silentFor = before === null ? null : mono - before.mono;
    const isOther = run !== known.run;
    if (isOther || boot !== known.boot || known.reportedAt === null || Math.abs(at - known.reportedAt) >= SEEN_STEP) this.#keep({ run, boot, reportedAt: at });
    if (known.run === null) return;
    if (isOther) listener.onReturn({ kind: boot !== null && known.boot !== null && boot !== known.boot ? 'reboot' : 'program', silentFor });
    else if (silentFor !== null && silentFor >= AWAY && before?.state !== 'suspending') listener.onReturn({ kind: 'network', silentFor });
  }

  #setPaused(paused: boolean): void {
    const { pipeline: { hub }, listener } = this.#parts;
    if (hub.snapshot().paused === paused) return;
    hub.setPaused(paused);
    listener.onPaused();
  }

  #keep(change: Partial<KnownMachine>): void {
    this.#known = { ...this.#known, ...change };
    this.#parts.save(this.#known);
  }
}
