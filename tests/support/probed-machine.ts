/** A machine whose services are probed over simulated time, by a prober that is told what it finds. */
import { createProbes } from '../../src/main/engine/probes/index';
import type { HeartbeatJudge, ProbesParts } from '../../src/main/engine/probes/index';
import type { NetworkState } from '../../src/main/engine/probes/network-state';
import type { ProbeParts } from '../../src/main/engine/probes/prober';
import type { ServiceRaw } from '../../src/main/engine/probes/types';
import { serviceSchema } from '../../src/shared/services/service-schemas';
import type { ProbeResult, Service, ServiceInput } from '../../src/shared/services/service-schemas';
import { namesOnly, probeResult } from './probing';
import { NO_PROGRAMS } from './programs';
import { createSimulatedTime } from './timers';

const MINUTE = 60_000;

/** A network that is there. */
export const ONLINE: NetworkState = { routes: 'default', hasNameServer: true };
/** Answers of a service that is well, and of one that is not. */
export const GOOD = probeResult({ latency: 3 });
export const SILENT = probeResult({ ok: false, fault: 'timeout', text: 'no answer' });

type Answer = (host: string, parts: ProbeParts) => ProbeResult | Promise<ProbeResult>;

/** A service that the told prober is asked for. */
export const service = (id: string, fields: Partial<ServiceInput> = {}): Service => serviceSchema.parse({ id, name: id, kind: 'postgresql', host: `${id}.test`, user: 'me', ...fields });

/** Late by more than a minute is missed. */
const judge: HeartbeatJudge = (_service, { lastBeat, since, now }) => {
  if (now - Math.max(lastBeat ?? 0, since) > MINUTE) return probeResult({ ok: false, fault: 'missed', text: 'missed' });
  return lastBeat === null ? null : GOOD;
};

/** A machine with a prober that finds what `answers` says. */
export function probedMachine(answers: Answer, parts: Partial<ProbesParts> = {}) {
  const time = createSimulatedTime();
  const asked: string[] = [];
  const state = { answers, network: ONLINE };
  const probes = createProbes({
    clock: time.clock, timers: time.timers, lookup: namesOnly({}), programs: NO_PROGRAMS, platform: 'linux',
    network: () => state.network,
    secretsOf: () => Promise.resolve({}),
    probers: {
      postgresql: () =>
        Promise.resolve((one, given) => {
          asked.push(one.id);
          return Promise.resolve(state.answers(one.host, given));
        }),
    },
    heartbeat: judge,
    ...parts,
  });
  const row = (id: string): ServiceRaw => probes.read().services.find(({ device }) => device === id) as ServiceRaw;
  return { ...time, probes, asked, state, row, reasons: () => probes.read().services.map(({ notMeasured }) => notMeasured) };
}
