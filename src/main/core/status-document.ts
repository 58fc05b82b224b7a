/** The status document of `GET /api/status`: the machine's state in one small object, from the last snapshot. Pure. */
import { levelOf } from '../../shared/alerts/level';
import type { Level } from '../../shared/alerts/level';
import { familyHealth, machineHealth } from '../../shared/alerts/severity';
import type { OpenIncident } from '../../shared/alerts/severity';
import type { HostInfo } from '../../shared/host-info';
import { seriesKey } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { memory } from '../../shared/metrics/memory';
import type { Snapshot, Value } from '../../shared/metrics/reading';
import { statusPageDataSchema } from '../../shared/status-schema';
import type { CollectionError, ServiceUptimes, Status, StatusPageData } from '../../shared/status-schema';
import type { StoreHealth } from '../engine/store/store-types';
import { UNKNOWN_UPTIME } from './service-uptime';

/** Samples older than this are not the current state, ms. */
const MAX_AGE = 10_000;

/** The metric families that the document contains. */
const FAMILIES = ['cpu', 'memory', 'disk', 'network', 'connections', 'uptime'] as const satisfies readonly FamilyId[];

/** What is needed in addition to the snapshot. */
export interface StatusFacts {
  readonly host: HostInfo;
  readonly openIncidents: readonly OpenIncident[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Seconds between two updates for a browser that requests no interval. */
  readonly intervalSeconds: number;
  /** By the id of the service. */
  readonly uptimes: ReadonlyMap<string, ServiceUptimes>;
  /** Whether what is measured is also stored; `path` is null where the history is in memory only. */
  readonly history: { readonly health: StoreHealth; readonly path: string | null };
}

function errorsOf({ faults, readings }: Snapshot): CollectionError[] {
  return FAMILIES.flatMap((family): CollectionError[] => {
    const fault = faults[family];
    if (fault !== undefined) return [{ kind: fault.kind, message: `${family}: ${fault.message}` }];
    return readings[family] === undefined ? [{ kind: 'SystemUnavailable', message: `${family}: not read yet` }] : [];
  });
}

/** Errors for a history that is not stored. The system's message is left out where it contains a path, which could reveal the user's name. */
function historyErrors({ health, path }: StatusFacts['history']): CollectionError[] {
  if (path === null) return [{ kind: 'SystemUnavailable', message: 'history: not being saved, because its file was left unchanged; it is in memory only' }];
  if (health.state === 'ok') return [];
  const reason = /[/\\]/.test(health.message) ? '' : `: ${health.message}`;
  return [{ kind: 'SystemUnavailable', message: `history: not being saved since ${new Date(health.since).toISOString()}${reason}` }];
}

/** The host name as a valid DNS name: other characters become dashes. */
function dnsName(hostname: string): string {
  const labels = hostname.split('.').map((label) => label.replaceAll(/[^a-z0-9-]/gi, '-').slice(0, 63).replaceAll(/^-+|-+$/g, ''));
  return labels.filter((label) => label !== '').join('.').slice(0, 253).replaceAll(/[-.]+$/g, '') || 'localhost';
}

const UNKNOWN_UPTIMES: ServiceUptimes = { last_24_hours: UNKNOWN_UPTIME, last_30_days: UNKNOWN_UPTIME };

/** What is probed, by name; nothing where no service is set up. */
function servicesOf({ readings }: Snapshot, uptimes: StatusFacts['uptimes']): Pick<StatusPageData, 'services'> {
  const devices = Object.entries(readings.service?.devices ?? {});
  if (devices.length === 0) return {};
  const toUp = (value: Value | undefined): boolean | null => (value === null || value === undefined ? null : value === 1);
  const services = devices.map(([id, { label, values }]) => ({ name: label, up: toUp(values['up']), latency_ms: values['latency'] ?? null, uptime: uptimes.get(id) ?? UNKNOWN_UPTIMES }));
  return { services: services.toSorted((a, b) => a.name.localeCompare(b.name)) };
}

function dataOf(snapshot: Snapshot, { host, openIncidents, now, intervalSeconds, uptimes }: StatusFacts): StatusPageData {
  const at = (family: (typeof FAMILIES)[number], metric: string): Value => snapshot.readings[family]?.values[metric] ?? null;
  // Levels follow once it is known which values are valid.
  const judged = (family: FamilyId) => ({ severity: familyHealth(family, snapshot, openIncidents).severity, level: null });
  const [total, used] = [at('memory', 'total'), at('memory', 'used')];
  return {
    server_metrics: {
      timestamp: new Date(snapshot.time).toISOString(),
      memory_usage: {
        total_bytes: total,
        used_bytes: used,
        available_bytes: at('memory', 'available'),
        // From the bytes in this object, so that a client can verify it.
        usage_percentage: total === null || used === null || total === 0 ? null : (used / total) * 100,
        ...judged('memory'),
      },
      cpu_usage: {
        usage_percentage: at('cpu', 'usage'),
        ...judged('cpu'),
        core_count: at('cpu', 'cores') ?? host.cores,
        load_average: { one_minute: at('cpu', 'load1'), five_minute: at('cpu', 'load5'), fifteen_minute: at('cpu', 'load15') },
      },
      disk_usage: { usage_percentage: at('disk', 'usage'), ...judged('disk') },
      uptime: at('uptime', 'system'),
      network_metrics: {
        bytes_sent: at('network', 'txTotal'),
        bytes_received: at('network', 'rxTotal'),
        packets_sent: at('network', 'txPacketsTotal'),
        packets_received: at('network', 'rxPacketsTotal'),
        active_connections: at('connections', 'active'),
      },
    },
    ...servicesOf(snapshot, uptimes),
    severity: machineHealth(snapshot, openIncidents).severity,
    open_alerts: openIncidents.length,
    collection_interval_seconds: intervalSeconds,
    server_info: {
      hostname: dnsName(host.hostname),
      version: host.appVersion,
      start_time: new Date(Math.min(host.startTime, now)).toISOString(),
      environment: host.environment,
    },
  };
}

/** Values that violate the document's schema become null, with a ParseError for each. */
function withoutInvalid(data: StatusPageData): { data: StatusPageData; errors: CollectionError[] } {
  const { total_bytes: total, used_bytes: used, available_bytes: available } = data.server_metrics.memory_usage;
  // Each of the two is rounded to a page.
  const addsUp = total === null || used === null || available === null || used + available <= total + memory.metrics.used.resolution;
  const copy = structuredClone(data);
  const errors: CollectionError[] = [];
  if (!addsUp) {
    copy.server_metrics.memory_usage = { ...copy.server_metrics.memory_usage, used_bytes: null, available_bytes: null, usage_percentage: null };
    errors.push({ kind: 'ParseError', message: 'memory: used and available are more than all there is' });
  }
  for (const { path, message } of statusPageDataSchema.safeParse(copy).error?.issues ?? []) {
    errors.push({ kind: 'ParseError', message: `${path.join('.')}: ${message}` });
    clear(copy, path);
  }
  return { data: copy, errors };
}

/** Sets the value at a path to null. */
function clear(document: object, path: readonly PropertyKey[]): void {
  let at: unknown = document;
  for (const key of path.slice(0, -1)) at = Reflect.get(at as object, key);
  Reflect.set(at as object, path.at(-1) ?? '', null);
}

/** With the level of each usage. */
function withLevels({ server_metrics: metrics, ...data }: StatusPageData): StatusPageData {
  const { cpu_usage: cpu, memory_usage: ram, disk_usage: disk } = metrics;
  const levelAt = (family: FamilyId, usage: Value): Level | null => levelOf(seriesKey(family, 'usage'), usage);
  return {
    ...data,
    server_metrics: {
      ...metrics,
      memory_usage: { ...ram, level: levelAt('memory', ram.usage_percentage) },
      cpu_usage: { ...cpu, level: levelAt('cpu', cpu.usage_percentage) },
      disk_usage: { ...disk, level: levelAt('disk', disk.usage_percentage) },
    },
  };
}

/** The document, or an error: monitoring is paused, nothing is sampled, or the last sample is too old. */
export function statusOf(snapshot: Snapshot, facts: StatusFacts): Status {
  if (snapshot.paused) return { status: 'Error', error: { kind: 'SystemUnavailable', message: 'monitoring is paused' } };
  if (snapshot.seq === 0) return { status: 'Error', error: { kind: 'SystemUnavailable', message: 'nothing has been sampled yet' } };
  const age = facts.now - snapshot.time;
  if (age > MAX_AGE) return { status: 'Error', error: { kind: 'Timeout', message: `the last sample is ${Math.round(age / 1000)} s old` } };
  const { data: valid, errors: invalid } = withoutInvalid(dataOf(snapshot, facts));
  const data = withLevels(valid);
  const errors = [...errorsOf(snapshot), ...invalid, ...historyErrors(facts.history)];
  if (FAMILIES.every((family) => snapshot.readings[family] === undefined)) return { status: 'Error', error: errors[0] ?? { kind: 'SystemUnavailable', message: 'nothing could be read' } };
  return errors.length === 0 ? { status: 'Ok', data } : { status: 'PartialData', data, errors };
}
