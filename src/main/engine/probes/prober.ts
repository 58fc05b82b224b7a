/** What every prober gets and gives, and how its findings become a result. */
import { messageOf } from '../../../shared/result';
import { toPlainLine } from '../../../shared/plain-text';
import type { ProbeResult, Service, ServiceOf } from '../../../shared/services/service-schemas';
import type { Clock, Timers } from '../clock';
import type { Platform } from '../collectors/deps';
import type { Programs } from '../programs/programs';
import type { Lookup } from './lookup';
import { withoutSecrets } from './secret-echo';

/** Why a probe failed. */
export type ProbeFault = NonNullable<ProbeResult['fault']>;

/** What a prober works with. */
export interface ProbeParts {
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  /** Fires at the deadline, and when the probe is not wanted any more: whatever it holds open is closed then. */
  readonly signal: AbortSignal;
  /** Time it has, ms. */
  readonly timeout: number;
  /** Values of headers by their names, or `password`. They are in no result. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly lookup: Lookup;
  readonly programs: Pick<Programs, 'read'>;
  readonly platform: Platform;
}

/** Probes a service of one kind once. Never rejects; settles at the deadline at the latest. */
export type Prober<K extends Service['kind']> = (service: ServiceOf<K>, parts: ProbeParts) => Promise<ProbeResult>;

/** A probe that failed, with what is told of it. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly fault: ProbeFault;
  constructor(fault: ProbeFault, text: string) {
    super(text);
    this.fault = fault;
  }
}

/** What a result has beside what the trace collected. */
export type Found = { readonly text: string; readonly latency: number } & Partial<
  Pick<ProbeResult, 'connections' | 'connectionsMax' | 'connectionsActive' | 'connectionsIdleInTransaction' | 'replicationLagSeconds'>
>;

type Phase = 'dns' | 'connect' | 'tls' | 'firstByte';

/** Bounds of a result's schema: lines, and characters of a line and of the text. */
const MAX_LINES = 60;
const MAX_LINE = 1000;
const MAX_TEXT = 500;

/** What is known of a probe so far: a failed one tells how far it got. */
export class Trace {
  /** What it waits for, for the words of a timeout: "looking up the name". */
  doing = 'starting';
  /** Ms per phase, summed up over redirects; null where it did not get so far. */
  readonly phases: Record<Phase, number | null> = { dns: null, connect: null, tls: null, firstByte: null };
  certificateDays: number | null = null;
  readonly details: string[] = [];
  readonly #mono: () => number;
  readonly #startedAt: number;

  constructor(mono: () => number) {
    this.#mono = mono;
    this.#startedAt = mono();
  }

  /** Ms since the probe began. */
  elapsed(): number {
    return this.#mono() - this.#startedAt;
  }

  /** Begins a phase; the returned function ends it. */
  begin(phase: Phase, doing: string): () => void {
    const from = this.#mono();
    this.doing = doing;
    return () => {
      this.phases[phase] = (this.phases[phase] ?? 0) + this.#mono() - from;
    };
  }

  /** Of several certificates the first to end counts. */
  noteCertificate(days: number): void {
    this.certificateDays = Math.min(days, this.certificateDays ?? days);
  }
}

function resultOf(trace: Trace, parts: ProbeParts, outcome: { readonly fault: ProbeFault; readonly text: string } | Found): ProbeResult {
  const isOk = !('fault' in outcome);
  const line = (text: string, most: number): string => toPlainLine(withoutSecrets(text, Object.values(parts.secrets))).slice(0, most);
  return {
    connections: null, connectionsMax: null, connectionsActive: null, connectionsIdleInTransaction: null, replicationLagSeconds: null,
    ...trace.phases,
    certificateDays: trace.certificateDays,
    ...(isOk ? outcome : {}),
    time: parts.clock.now(),
    ok: isOk,
    fault: isOk ? null : outcome.fault,
    text: line(outcome.text, MAX_TEXT),
    latency: isOk ? outcome.latency : null,
    details: trace.details.slice(0, MAX_LINES).map((detail) => line(detail, MAX_LINE)),
  };
}

/** Rejects when the signal fires. */
function fired(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new Error('ended'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/**
 * Runs the work of a prober. What it throws as a ProbeError is a fault, anything else the fault `other`; at the deadline the
 * probe has failed, whatever becomes of the work.
 */
export async function probed(parts: ProbeParts, work: (trace: Trace) => Promise<Found>): Promise<ProbeResult> {
  const trace = new Trace(() => parts.clock.mono());
  const ended = fired(parts.signal);
  // Nobody waits for it where the work was quicker, and nobody for the work where it was not.
  ended.catch(() => undefined);
  const working = work(trace);
  working.catch(() => undefined);
  try {
    return resultOf(trace, parts, await Promise.race([working, ended]));
  } catch (error) {
    if (parts.signal.aborted) return resultOf(trace, parts, { fault: 'timeout', text: `no answer within ${parts.timeout / 1000} s: ${trace.doing}` });
    if (error instanceof ProbeError) return resultOf(trace, parts, { fault: error.fault, text: error.message });
    return resultOf(trace, parts, { fault: 'other', text: messageOf(error) });
  }
}
