/** Services that are probed: the last results, turned into values. */
import type { DeviceMetricName } from '../../../shared/metrics/index';
import type { DeviceState } from '../../../shared/metrics/device-state';
import { service } from '../../../shared/metrics/service';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import type { ProbeResult } from '../../../shared/services/service-schemas';
import { FAULT_TEXTS, NOT_MEASURED_TEXTS } from '../../../shared/services/service-text';
import type { ServiceRaw, ServicesRaw, ServiceSource } from '../probes/types';
import type { Collector } from './collector';
import { emptyRecord, percent, rounded } from './numbers';

type Name = DeviceMetricName<'service'>;

const NO_RESULT: Omit<ProbeResult, 'time' | 'ok' | 'fault' | 'text' | 'details'> = {
  latency: null, dns: null, connect: null, tls: null, firstByte: null, certificateDays: null,
  connections: null, connectionsMax: null, connectionsActive: null, connectionsIdleInTransaction: null, replicationLagSeconds: null,
};

const flag = (is: boolean | null): Value => (is === null ? null : is ? 1 : 0);

/** The reason is in words that everyone may read, in an alert as well: what came back names addresses, and is for the machine. */
function stateOf({ isUp, notMeasured, result }: ServiceRaw): DeviceState {
  const fault = result?.fault ?? null;
  if (notMeasured !== null) return { code: 'notMeasured', reason: fault === null || fault === 'other' ? NOT_MEASURED_TEXTS[notMeasured] : FAULT_TEXTS[fault] };
  return { code: isUp === false ? 'down' : 'up', ...(fault === null ? {} : { reason: FAULT_TEXTS[fault] }) };
}

function deviceOf(raw: ServiceRaw): DeviceReading<Name> {
  const { latency, dns, connect, tls, firstByte, certificateDays, connections, connectionsMax, connectionsActive, connectionsIdleInTransaction, replicationLagSeconds } = raw.result ?? NO_RESULT;
  const values = { up: flag(raw.isUp), latency, dns, connect, tls, firstByte, certificateDays, connections, connectionsMax, connectionsUsage: percent(connections, connectionsMax), connectionsActive, connectionsIdleInTransaction, replicationLag: replicationLagSeconds };
  return { label: raw.label, values: rounded(service.device.metrics, values), state: stateOf(raw) };
}

/** All services. None set up: nothing is known. Pure. */
export function serviceReading({ services, networkLost }: ServicesRaw): ReadingOf<'service'> {
  const devices = emptyRecord<DeviceReading<Name>>();
  for (const one of services) devices[one.device] = deviceOf(one);
  const measured = services.filter(({ isUp }) => isUp !== null);
  const count = (isUp: boolean): Value => (measured.length === 0 ? null : measured.filter((one) => one.isUp === isUp).length);
  return { values: rounded(service.metrics, { up: count(true), down: count(false), networkLost: flag(networkLost) }), devices };
}

const NOTHING: ServicesRaw = { services: [], networkLost: null };

/** Reads what the source knows. */
export function serviceCollector(source: ServiceSource | undefined): Collector<'service', ServicesRaw> {
  return { family: 'service', read: () => source?.read() ?? NOTHING, toReading: serviceReading };
}
