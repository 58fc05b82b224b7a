/** Containers: what their engines and the kernel tell, turned into values. */
import type { DeviceMetricName } from '../../../shared/metrics/index';
import type { DeviceState, DeviceStateCode } from '../../../shared/metrics/device-state';
import { container } from '../../../shared/metrics/container';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import type { ContainerCounters, ContainerRaw, ContainersRaw, ContainerSource } from '../containers/types';
import type { Collector, Previous } from './collector';
import { countOf, emptyRecord, leapt, percent, rate, rounded, sumOf } from './numbers';

type Name = DeviceMetricName<'container'>;

const flag = (is: boolean): Value => (is ? 1 : 0);

/** A level as it is told; null for one that cannot be. */
const level = (value: Value): Value => (value !== null && value >= 0 ? value : null);

/** The counters of the same run of the same container a moment ago; null where there are none, so that nothing is computed over a restart. */
function beforeOf(now: ContainerRaw, previous: ReadonlyMap<string, ContainerRaw>): ContainerCounters | null {
  const before = previous.get(now.device);
  return before?.id === now.id && before.startedAt === now.startedAt ? before.counters : null;
}

type Bytes = 'received' | 'sent' | 'read' | 'written';

/** What can be said of the counters of one container. */
function ratesOf(now: ContainerCounters, before: ContainerCounters | null) {
  const seconds = before === null ? 0 : (now.mono - before.mono) / 1000;
  const perSecond = (name: 'cpuSeconds' | 'throttledSeconds' | Bytes): Value => rate(now[name], before?.[name], seconds);
  const bytes = (name: Bytes): Value => (leapt(now[name], before?.[name] ?? null, seconds) ? null : perSecond(name));
  const share = (value: Value): Value => (value === null ? null : 100 * value);
  const [memory, memoryLimit] = [level(now.memory), level(now.memoryLimit)];
  return {
    cpu: share(perSecond('cpuSeconds')),
    throttled: percent(perSecond('throttledSeconds'), 1),
    memory,
    memoryLimit,
    memoryUsage: percent(memory, memoryLimit),
    received: bytes('received'),
    sent: bytes('sent'),
    read: bytes('read'),
    written: bytes('written'),
    processes: level(now.processes),
  } satisfies Partial<Record<Name, Value>>;
}

const STOPPED_VALUES = { cpu: null, throttled: null, memory: null, memoryLimit: null, memoryUsage: null, received: null, sent: null, read: null, written: null, processes: null } as const;

const STATE_CODES: Readonly<Record<ContainerRaw['state'], DeviceStateCode>> = { created: 'stopped', running: 'running', paused: 'paused', restarting: 'restarting', removing: 'stopped', exited: 'stopped', dead: 'failed' };

function stateOf({ state, health, reason }: ContainerRaw): DeviceState {
  const code = state !== 'running' ? STATE_CODES[state] : health === 'unhealthy' ? 'unhealthy' : health === 'starting' ? 'starting' : 'running';
  return { code, ...(reason === null ? {} : { reason }) };
}

const HEALTH: Readonly<Record<ContainerRaw['health'], Value>> = { none: null, starting: 0, healthy: 0, unhealthy: 1 };

function deviceOf(now: ContainerRaw, previous: ReadonlyMap<string, ContainerRaw>): DeviceReading<Name> {
  const isRunning = now.state === 'running';
  const levels = {
    running: flag(isRunning),
    unhealthy: isRunning ? HEALTH[now.health] : null,
    missed: flag(now.isMissed),
    restarts: level(now.restarts),
    recentDeaths: level(now.recentDeaths),
    recentOomKills: level(now.recentOomKills),
  };
  const counted = now.counters === null ? STOPPED_VALUES : ratesOf(now.counters, beforeOf(now, previous));
  return {
    label: now.label,
    detail: now.image,
    values: rounded(container.device.metrics, { ...counted, ...levels }),
    state: stateOf(now),
    ...(now.isStored ? {} : { stored: false as const }),
  };
}

/** What engines that do not answer have to say; null while all do. */
const noteOf = ({ engines }: ContainersRaw): string | null => engines.flatMap(({ reason }) => (reason === null ? [] : [reason])).join(' ') || null;

const isAnswering = ({ state }: ContainersRaw['engines'][number]): boolean => state === 'answering';

const NOTHING: ReadingOf<'container'> = { values: { running: null, problems: null, cpu: null, memory: null }, devices: emptyRecord<DeviceReading<Name>>() };

/** All containers. Sums are of what is known: of a container that cannot be read nobody knows anything. Pure. */
export function containerReading(raw: ContainersRaw | null, previous: Previous<ContainersRaw | null> | null): ReadingOf<'container'> {
  if (raw === null) return NOTHING;
  const before = new Map((previous?.raw?.containers ?? []).map((one) => [one.device, one]));
  const devices = emptyRecord<DeviceReading<Name>>();
  for (const one of raw.containers) devices[one.device] = deviceOf(one, before);
  const readings = Object.values(devices);
  const note = noteOf(raw);
  const running = raw.engines.some(isAnswering) ? raw.containers.filter(({ state }) => state === 'running').length : null;
  // Where all engines answer and nothing runs, that is known to use nothing.
  const nothing = running === 0 && raw.engines.every(isAnswering) ? 0 : null;
  const values = {
    running,
    problems: countOf(readings.map(({ values: { unhealthy, missed } }) => [unhealthy, missed])) ?? nothing,
    cpu: sumOf(readings.map((reading) => reading.values.cpu)) ?? nothing,
    memory: sumOf(readings.map((reading) => reading.values.memory)) ?? nothing,
  };
  return { values: rounded(container.metrics, values), devices, ...(note === null ? {} : { note }) };
}

/** Reads what the source knows. Without a source, and where no engine is, there is nothing. */
export function containerCollector(source: ContainerSource | undefined): Collector<'container', ContainersRaw | null> {
  return { family: 'container', read: () => source?.read() ?? null, toReading: containerReading };
}
