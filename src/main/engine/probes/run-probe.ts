/** Runs one probe of any kind: with its secrets, a deadline, and a result in every case. */
import { messageOf } from '../../../shared/result';
import type { ProbeResult, Service } from '../../../shared/services/service-schemas';
import type { Timers } from '../clock';
import { LATE } from '../deadline';
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

/** The deadline of a probe, by one timer: most probes end long before it. */
function deadlineOf(timers: Timers, timeout: number, end: () => void) {
  let cancel: () => void = () => undefined;
  let give: (late: typeof LATE) => void = () => undefined;
  const over = new Promise<typeof LATE>((resolve) => (give = resolve));
  const reached = new Promise<typeof LATE>((resolve) => {
    cancel = timers.after(timeout, () => {
      end();
      resolve(LATE);
      cancel = timers.after(PATIENCE, () => give(LATE));
    });
  });
  return { reached, over, cancel: () => cancel() };
}

/**
 * Probes a service once. `secretsOf` is asked first, within the same time; `stop` ends it before. Never rejects: a prober that
 * fails otherwise than it may, or does not end, has the fault `other` or `timeout`.
 */
export async function runProbe(service: AskedService, probers: Probers, shared: RunParts, secretsOf: () => Promise<ProbeParts['secrets']>, stop: AbortSignal): Promise<ProbeResult> {
  const controller = new AbortController();
  const timeout = service.timeoutSeconds * 1000;
  const end = (): void => controller.abort();
  const deadline = deadlineOf(shared.timers, timeout, end);
  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  const without: ProbeParts = { ...shared, signal: controller.signal, timeout, secrets: {} };
  const failed = (error: ProbeError): Promise<ProbeResult> => probed({ ...without, signal: new AbortController().signal }, () => Promise.reject(error));
  try {
    const secrets = await Promise.race([secretsOf(), deadline.reached]).catch((error: unknown) => new ProbeError('secretMissing', `its secrets cannot be read: ${messageOf(error)}`));
    if (secrets === LATE) return await failed(new ProbeError('secretMissing', 'its secrets cannot be read: the key store does not answer'));
    if (secrets instanceof ProbeError) return await failed(secrets);
    const result = await Promise.race([callProber(probers, service, { ...without, secrets }), deadline.over]);
    return result === LATE ? await failed(new ProbeError('timeout', `no answer within ${service.timeoutSeconds} s`)) : result;
  } catch (error) {
    return failed(error instanceof ProbeError ? error : new ProbeError('other', messageOf(error)));
  } finally {
    deadline.cancel();
    stop.removeEventListener('abort', end);
  }
}
