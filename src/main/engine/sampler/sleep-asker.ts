/** Chooses how a system is asked whether it slept. */
import type { SystemDeps } from '../collectors/deps';
import type { SamplerParts } from './sampler';
import { askDarwin } from './sleep-times.darwin';

/** On macOS its kernel is asked; elsewhere a clock tells it, or the system by itself. */
export function sleepAskerOf({ platform, programs }: Pick<SystemDeps, 'platform' | 'programs'>): Pick<SamplerParts, 'askWhetherSlept'> {
  return platform === 'darwin' ? { askWhetherSlept: askDarwin(programs) } : {};
}
