/** All engines of this machine as one: what the collector reads, what the page lists, and what can be done. */
import type { ContainerAction, ContainerDetails, ContainerInfo, ContainerList } from '../../../shared/containers/container-schemas';
import { seriesKey } from '../../../shared/metrics/index';
import { CallError, messageOf } from '../../../shared/result';
import { LATE, within } from '../deadline';
import { EngineError } from './client';
import { pathTo } from './container-list';
import { reasonOf } from './container-words';
import { parseDetails } from './details';
import type { DiskEngine } from './disk/disk-types';
import type { EngineLink } from './engine-link';
import { EngineLinks } from './engine-links';
import type { Happening } from './fates';
import { LOG_LINES, parseLogLines } from './log-lines';
import type { RunningContainer } from './numbers/counters';
import type { Containers, ContainersParts } from './parts';
import { healthIs } from './record';
import type { ContainerRecord } from './record';
import type { NamedContainer, SeriesName, SeriesNames } from './series-names';
import { ContainerTimeline } from './timeline';
import type { ContainerCounters, ContainerRaw, ContainersRaw } from './types';

/** How long a first read waits for the engines, and any read for counters, ms: together less than a read may take. */
const WAIT = { engines: 2000, counters: 7500 } as const;
/** How long an engine may take to start or stop a container, ms: it gives programs ten seconds by default to end. */
const ACTION_DEADLINE = 60_000;
/** How long a person counts as looking at the list, ms. */
const LOOKING = 60_000;
/** Most names whose last log lines are kept; how long an engine may take to tell them, ms, and bytes of its answer. */
const LOGS = { names: 200, deadline: 3000, most: 1_000_000 } as const;
/** While more happenings than this wait to be told, no log is read for them. */
const MOST_WAITING = 50;

/** A container with its engine and its name. */
interface Known {
  readonly link: EngineLink;
  readonly record: ContainerRecord;
  readonly named: SeriesName;
}

/** A happening that waits for those before it, or for log lines. */
interface Untold {
  readonly link: EngineLink;
  readonly happening: Happening;
}

class AllContainers implements Containers {
  readonly #parts: ContainersParts;
  readonly #links: EngineLinks;
  readonly #timeline: ContainerTimeline;
  readonly #logLines = new Map<string, readonly string[]>();
  #names: SeriesNames = new Map();
  #listedAt = Number.NEGATIVE_INFINITY;
  /** Happenings are told in their order, also where the log of a container is read first. */
  #telling = Promise.resolve();
  readonly #untold = new Set<Untold>();

  constructor(parts: ContainersParts) {
    this.#parts = parts;
    this.#timeline = new ContainerTimeline(parts, parts.onEvent);
    this.#links = new EngineLinks(parts, (link, happenings) => this.#onHappenings(link, happenings));
  }

  async read(): Promise<ContainersRaw | null> {
    const { timers, counters } = this.#parts;
    await within(timers, WAIT.engines, this.#glance());
    this.#links.report();
    const engines = this.#links.statuses();
    if (engines.length === 0) return null;
    const known = this.#known();
    const running = known.filter(({ record: { state } }) => state === 'running').map((one) => this.#runningOf(one));
    const counted = await within(timers, WAIT.counters, counters.read(running));
    return { engines, containers: known.map((one) => this.#rawOf(one, counted === LATE ? null : (counted.get(one.record.id) ?? null))) };
  }

  async list(): Promise<ContainerList> {
    const { clock, timers } = this.#parts;
    this.#listedAt = clock.mono();
    await within(timers, WAIT.engines, this.#look());
    return this.#listing();
  }

  async details(id: string): Promise<ContainerDetails> {
    const one = this.#find(id);
    try {
      return parseDetails(await one.link.client.json(pathTo(one.record.id, 'json')), infoOf(one));
    } catch (error) {
      throw toCallError(error, one.link);
    }
  }

  async act(id: string, action: ContainerAction): Promise<ContainerList> {
    const { link, record } = this.#find(id);
    try {
      await link.client.post(pathTo(record.id, action), { deadline: ACTION_DEADLINE });
      await link.refresh();
    } catch (error) {
      throw toCallError(error, link);
    }
    return this.#listing();
  }

  nameOf(id: string): string | null {
    return this.#names.get(id)?.label ?? null;
  }

  engines(): readonly DiskEngine[] {
    return this.#links.all().flatMap((link) => {
      const status = link.status();
      if (status?.state !== 'answering') return [];
      const { id, kind, label } = status;
      return [{ id, kind, label, folder: link.facts.folder, isHere: link.candidate.isHere, json: (path, limits) => link.client.json(path, limits) }];
    });
  }

  lookAgain(): Promise<void> {
    return this.#links.look();
  }

  close(): void {
    this.#links.close();
    // What waits for a list or for log lines is told as it is known.
    for (const untold of this.#untold) this.#write(untold, []);
    this.#untold.clear();
    this.#timeline.close();
  }

  async #glance(): Promise<void> {
    await this.#links.lookNowAndThen();
    await Promise.all(this.#links.all().map((link) => link.glance()));
  }

  async #look(): Promise<void> {
    await this.#links.lookNowAndThen();
    await Promise.all(this.#links.all().map((link) => link.look()));
  }

  /** All containers with their names, which are kept for the next time. */
  #known(): readonly Known[] {
    const all = this.#links.all().flatMap((link) => [...(link.list?.records.values() ?? [])].map((record) => ({ link, record })));
    this.#names = this.#parts.nameSeries(all.map(({ link, record }) => namedOf(link, record)), this.#names, this.#parts.clock.now());
    return all.flatMap(({ link, record }) => {
      const named = this.#names.get(record.id);
      return named === undefined ? [] : [{ link, record, named }];
    });
  }

  #find(id: string): Known {
    const found = this.#known().find(({ record }) => record.id === id);
    if (found === undefined) throw new CallError('NotFound', 'There is no such container any more.');
    return found;
  }

  #listing(): ContainerList {
    return { engines: this.#links.statuses(), containers: this.#known().map(infoOf) };
  }

  /** An engine that ends when nobody asks is asked for numbers only while somebody looks. */
  #runningOf({ link, record: { id, inspected } }: Known): RunningContainer {
    const { candidate, kind, watch, client, facts } = link;
    const mayAsk = watch !== 'asked' || this.#parts.clock.mono() - this.#listedAt < LOOKING;
    const stats = (): Promise<unknown> => (mayAsk ? client.json(pathTo(id, 'stats?stream=false&one-shot=true')) : Promise.reject(new EngineError('refused', 'its engine is left alone while nobody looks')));
    return { id, pid: candidate.isHere ? (inspected?.pid ?? null) : null, engine: kind, stats, ...(candidate.isHere ? {} : { engineMemory: facts.memory }) };
  }

  #rawOf({ link, record, named: { device, label, isStored } }: Known, counters: ContainerCounters | null): ContainerRaw {
    const { id, image, state, inspected, name } = record;
    const fates = link.list?.fates;
    const { deaths, oomKills } = fates?.recent(name, this.#parts.clock.now()) ?? { deaths: 0, oomKills: 0 };
    return {
      device,
      label,
      isStored,
      id,
      image,
      state,
      health: healthIs(record),
      startedAt: inspected?.startedAt ?? null,
      restarts: inspected?.restarts ?? null,
      recentDeaths: deaths,
      recentOomKills: oomKills,
      isMissed: fates?.isMissed(record) ?? false,
      reason: reasonOf(record, this.#parts.settings().logLines ? (this.#logLines.get(name) ?? []) : null),
      counters,
    };
  }

  #onHappenings(link: EngineLink, happenings: readonly Happening[]): void {
    for (const happening of happenings) {
      const untold = { link, happening };
      this.#untold.add(untold);
      this.#telling = this.#telling.then(() => this.#tell(untold));
    }
  }

  /** Never rejects. */
  async #tell(untold: Untold): Promise<void> {
    const { link, happening } = untold;
    const { kind, id } = happening;
    if (!this.#untold.has(untold)) return;
    const asksLog = this.#parts.settings().logLines && (kind === 'died' || kind === 'unhealthy') && this.#untold.size <= MOST_WAITING;
    const logLines = asksLog ? await this.#readLog(link, happening) : [];
    // It may have been told at the end, without its log lines.
    if (!this.#untold.delete(untold)) return;
    if (!this.#names.has(id)) this.#known();
    this.#write(untold, logLines);
  }

  #write({ link, happening }: Untold, logLines: readonly string[]): void {
    const named = this.#names.get(happening.id);
    const series = named?.isStored === true ? seriesKey('container', 'running', named.device) : null;
    this.#timeline.add(happening, { label: named?.label ?? happening.name, series, engine: link.candidate.label, logLines });
  }

  async #readLog(link: EngineLink, { id, name }: Happening): Promise<readonly string[]> {
    try {
      const lines = parseLogLines(await link.client.bytes(pathTo(id, `logs?stdout=1&stderr=1&tail=${LOG_LINES}`), LOGS));
      this.#logLines.delete(name);
      this.#logLines.set(name, lines);
      const [oldest] = this.#logLines.keys();
      if (this.#logLines.size > LOGS.names && oldest !== undefined) this.#logLines.delete(oldest);
      return lines;
    } catch (error) {
      this.#parts.log.debug('the log of a container could not be read', { id, reason: messageOf(error) });
      return [];
    }
  }
}

function namedOf(link: EngineLink, { id, name, labels, state, inspected }: ContainerRecord): NamedContainer {
  return { id, name, labels, engine: link.candidate.id, restartPolicy: inspected?.restartPolicy ?? null, isRunning: state === 'running', startedAt: inspected?.startedAt ?? null };
}

function infoOf({ link, record, named: { device, project, service } }: Known): ContainerInfo {
  const { id, name, image, state, createdAt, inspected, ports } = record;
  const hasEnded = state === 'exited' || state === 'dead' || state === 'restarting';
  return {
    id,
    device,
    name,
    project,
    service,
    image,
    engine: link.candidate.id,
    state,
    health: healthIs(record),
    startedAt: inspected?.startedAt ?? null,
    createdAt,
    exitCode: hasEnded ? (inspected?.exitCode ?? null) : null,
    ports,
  };
}

/** What a failed call says to the page. */
function toCallError(error: unknown, { candidate: { label } }: EngineLink): CallError {
  if (!(error instanceof EngineError)) return new CallError('Internal', messageOf(error));
  if (error.status === 404) return new CallError('NotFound', 'There is no such container any more.');
  return error.problem === 'late' ? new CallError('Unavailable', `${label} did not answer in time. What was asked for may still happen.`) : new CallError('Unavailable', `${label}: ${error.message}`);
}

/** Creates it; nothing is opened before the first read. */
export function createContainers(parts: ContainersParts): Containers {
  return new AllContainers(parts);
}
