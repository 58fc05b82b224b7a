/** Runs one probe of any kind: with its secrets, a deadline, and a result in every case. */
import { messageOf } from '../../../shared/result';
import type { ProbeResult, Service } from '../../../shared/services/service-schemas';
import { LATE, within } from '../deadline';
import { ProbeError, probed } from './prober';
import type { ProbeParts, Prober } from './prober';

/** Kinds that ask; a heartbeat is waited for. */
type AskedKind = Exclude<Service['kind'], 'heartbeat'>;

/** One prober per kind, each loaded when its first service is probed. */
export type Probers = { readonly [K in AskedKind]: () => Promise<Prober<K>> };

/** What is the same for all probes. */
export type RunParts = Omit<ProbeParts, 'signal' | 'timeout' | 'secrets'>;

/** A service that is asked. */
type AskedService = Extract<Service, { readonly kind: AskedKind }>;

/** Ms that a prober has beyond its deadline to close what it holds. */
const PATIENCE = 1000;

/** The types of a service and of its prober belong together, which the compiler cannot see over a union. */
async function callProber(probers: Probers, service: AskedService, parts: ProbeParts): Promise<ProbeResult> {
  const prober = (await probers[service.kind]()) as (one: AskedService, parts: ProbeParts) => Promise<ProbeResult>;
  return prober(service, parts);
}

/**
 * Probes a service once. `secretsOf` is asked first, within the same deadline; `stop` ends it before. Never rejects: a prober that
 * fails otherwise than it may, or does not end, has the fault `other` or `timeout`.
 */
export async function runProbe(service: AskedService, probers: Probers, shared: RunParts, secretsOf: () => Promise<ProbeParts['secrets']>, stop: AbortSignal): Promise<ProbeResult> {
  const controller = new AbortController();
  const timeout = service.timeoutSeconds * 1000;
  const end = (): void => controller.abort();
  const cancel = shared.timers.after(timeout, end);
  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  const without: ProbeParts = { ...shared, signal: controller.signal, timeout, secrets: {} };
  const failed = (error: ProbeError): Promise<ProbeResult> => probed({ ...without, signal: new AbortController().signal }, () => Promise.reject(error));
  try {
    const secrets = await secretsOf().catch((error: unknown) => new ProbeError('secretMissing', `its secrets cannot be read: ${messageOf(error)}`));
    if (secrets instanceof ProbeError) return await failed(secrets);
    const result = await within(shared.timers, timeout + PATIENCE, callProber(probers, service, { ...without, secrets }));
    return result === LATE ? await failed(new ProbeError('timeout', `no answer within ${service.timeoutSeconds} s`)) : result;
  } catch (error) {
    return failed(error instanceof ProbeError ? error : new ProbeError('other', messageOf(error)));
  } finally {
    cancel();
    stop.removeEventListener('abort', end);
  }
}
