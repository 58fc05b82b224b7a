/** Network traffic: counters read by the platforms, and the rates computed from them. */
import { network } from '../../../shared/metrics/network';
import type { CounterStart, DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import type { DeviceMetricName } from '../../../shared/metrics/index';
import type { CounterStarts } from './counter-starts';
import { emptyRecord, leapt, rate, rounded, shrank, totalOf } from './numbers';
import type { Previous } from './collector';

/** Counters of one interface since it came up; null where the system does not count. */
export interface InterfaceCounters {
  readonly detail: string | null;
  /** False for loopback, bridges, tunnels and the like, whose traffic also passes a physical interface or none. */
  readonly summed: boolean;
  /** False for interfaces without end, such as those of containers: shown, and not stored. */
  readonly stored?: false;
  readonly rxBytes: Value;
  readonly rxPackets: Value;
  readonly txBytes: Value;
  readonly txPackets: Value;
  /** Received and sent together. */
  readonly errors: Value;
  readonly drops: Value;
  readonly since?: CounterStart;
}

/** One read of the counters, by interface name. */
export interface NetworkRaw extends ReadonlyMap<string, InterfaceCounters> {
  /** The latest change of what the sums are made of. */
  readonly since?: CounterStart;
}

/** Adds since when the counters count. */
export function withStarts(raw: Map<string, InterfaceCounters>, starts: CounterStarts, now: number): NetworkRaw {
  starts.update(raw, now);
  for (const [name, counters] of raw) {
    const since = starts.of(name);
    if (since !== undefined) raw.set(name, { ...counters, since });
  }
  return starts.sums === undefined ? raw : Object.assign(raw, { since: starts.sums });
}

type Traffic = Record<DeviceMetricName<'network'>, Value>;

/**
 * True if a counter decreased: the interface went down and up again, or a 32-bit counter wrapped; or if it grew by more than
 * a card can carry: a driver whose device has just been pulled out reads nothing but ones.
 */
function wasReset(now: InterfaceCounters, before: InterfaceCounters, seconds: number): boolean {
  return (
    leapt(now.rxBytes, before.rxBytes, seconds) || leapt(now.txBytes, before.txBytes, seconds) ||
    shrank(now.rxBytes, before.rxBytes) || shrank(now.txBytes, before.txBytes) || shrank(now.rxPackets, before.rxPackets) || shrank(now.txPackets, before.txPackets)
  );
}

function trafficOf(now: InterfaceCounters, before: InterfaceCounters | undefined, seconds: number): Traffic {
  const since = before === undefined || wasReset(now, before, seconds) ? undefined : before;
  return {
    rx: rate(now.rxBytes, since?.rxBytes, seconds),
    tx: rate(now.txBytes, since?.txBytes, seconds),
    rxPackets: rate(now.rxPackets, since?.rxPackets, seconds),
    txPackets: rate(now.txPackets, since?.txPackets, seconds),
    errors: rate(now.errors, since?.errors, seconds),
    drops: rate(now.drops, since?.drops, seconds),
    rxTotal: now.rxBytes,
    txTotal: now.txBytes,
    rxPacketsTotal: now.rxPackets,
    txPacketsTotal: now.txPackets,
  };
}

const NAMES = Object.keys(network.metrics) as readonly DeviceMetricName<'network'>[];

const sinceOf = ({ since }: { readonly since?: CounterStart }): { since?: CounterStart } => (since === undefined ? {} : { since });

/** Traffic per interface, and the totals over the summed ones: null while one of these is unknown. */
export function networkReading(raw: NetworkRaw, previous: Previous<NetworkRaw> | null): ReadingOf<'network'> {
  const devices = emptyRecord<DeviceReading<DeviceMetricName<'network'>>>();
  const summed: Traffic[] = [];
  for (const [name, counters] of raw) {
    const traffic = trafficOf(counters, previous?.raw.get(name), previous?.seconds ?? 0);
    const detail = counters.detail === null ? {} : { detail: counters.detail };
    const stored = counters.stored === false ? ({ stored: false } as const) : {};
    devices[name] = { label: name, ...detail, values: rounded(network.device.metrics, traffic), ...stored, ...sinceOf(counters) };
    if (counters.summed) summed.push(traffic);
  }
  const values = {} as Traffic;
  for (const name of NAMES) values[name] = totalOf(summed.map((traffic) => traffic[name]));
  return { values: rounded(network.metrics, values), devices, ...sinceOf(raw) };
}
