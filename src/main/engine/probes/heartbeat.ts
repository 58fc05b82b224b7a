/** Heartbeats: what a job's calls, or their absence, say of it. Pure. */
import { formatValue } from '../../../shared/units';
import type { ProbeResult, ServiceOf } from '../../../shared/services/service-schemas';
import type { BeatFacts, HeartbeatJudge } from './index';

type Heartbeat = ServiceOf<'heartbeat'>;

const NOTHING = {
  latency: null, dns: null, connect: null, tls: null, firstByte: null, certificateDays: null,
  connections: null, connectionsMax: null, connectionsActive: null, connectionsIdleInTransaction: null, replicationLagSeconds: null, details: [],
} as const satisfies Partial<ProbeResult>;

/** Ms that may pass between two calls. */
const allowance = ({ intervalSeconds, graceSeconds }: Heartbeat): number => (intervalSeconds + graceSeconds) * 1000;

/**
 * What a heartbeat is: up as long as its last call is not older than its interval and grace, which is known at once; missed after
 * that, but not before it could have been called for as long; null meanwhile. `text` is what the last call said, or null.
 */
function judgeHeartbeat(service: Heartbeat, { lastBeat, since, now }: BeatFacts, text: string | null): ProbeResult | null {
  const most = allowance(service);
  if (lastBeat !== null && now - lastBeat <= most) return { ...NOTHING, time: lastBeat, ok: true, fault: null, text: text ?? 'called in' };
  const missedAt = Math.max(lastBeat ?? since, since) + most;
  if (now <= missedAt) return null;
  return { ...NOTHING, time: missedAt, ok: false, fault: 'missed', text: `no call within ${formatValue(most / 1000, 'seconds')}` };
}

/** Why nothing is known of a heartbeat: nobody can call in. `now` in epoch ms. */
export function unheard(now: number): ProbeResult {
  return { ...NOTHING, time: now, ok: false, fault: 'other', text: 'Sharing is off, so nothing can call in: turn it on on the Sharing page' };
}

/** A judge that knows what calls said, and since when those of a service can be expected, epoch ms; null while none can arrive. */
export function createHeartbeatJudge(textOf: (id: string) => string | null, expectedSince: (id: string) => number | null): HeartbeatJudge {
  return (service, { since, ...facts }) => {
    const expected = expectedSince(service.id);
    return expected === null ? null : judgeHeartbeat(service, { ...facts, since: Math.max(since, expected) }, textOf(service.id));
  };
}
