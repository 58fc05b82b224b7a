/** Why a service is not measured now, or a failure is not its own. Pure. */
import { isQuiet } from '../../../shared/alerts/quiet-hours';
import type { OffsetAt } from '../../../shared/series/calendar';
import type { NotMeasured, ProbeResult, Service } from '../../../shared/services/service-schemas';
import { isLoopbackHost } from './addresses';
import type { NetworkState } from './network-state';

/** How this machine is. */
export interface MachineState {
  /** Woken: less than the grace ago. */
  readonly power: 'awake' | 'asleep' | 'woken';
  /** Monitoring is paused by the user. */
  readonly isPaused: boolean;
  readonly network: NetworkState;
  /** Epoch ms. */
  readonly now: number;
}

/** The host that is probed, in lower case; null for what is waited for. */
export function hostOf(service: Service): string | null {
  if (service.kind === 'heartbeat') return null;
  return (service.kind === 'http' ? new URL(service.url).hostname.replace(/^\[|\]$/g, '') : service.host).toLowerCase();
}

/** True where the way to it leads through a network. */
export function isOverNetwork(service: Service): boolean {
  const host = hostOf(service);
  return host !== null && !isLoopbackHost(host);
}

/** What keeps a service from being measured before anything is asked; null where nothing does. */
export function obstacleOf(service: Service, { power, isPaused, network, now }: MachineState, offsetAt?: OffsetAt): Extract<NotMeasured, 'disabled' | 'paused' | 'asleep' | 'woken' | 'maintenance' | 'offline'> | null {
  if (!service.enabled) return 'disabled';
  if (isPaused) return 'paused';
  if (power !== 'awake') return power;
  if (service.maintenance.length > 0 && isQuiet(service.maintenance, now, offsetAt)) return 'maintenance';
  return network.routes === 'none' && isOverNetwork(service) ? 'offline' : null;
}

/**
 * True for a failure that comes from this machine's network, not from the service: there is no way there, or nobody to ask
 * for its address. With a route to a network of its own, as in a LAN without a router, other failures are the service's.
 */
export function isOfflineFault({ fault }: Pick<ProbeResult, 'fault'>, { routes, hasNameServer }: NetworkState): boolean {
  if (fault === null) return false;
  if (fault === 'noRoute' || routes === 'none') return true;
  return fault === 'nameNotFound' && (routes !== 'default' || !hasNameServer);
}

/** True for a failure of this machine's set-up: nothing was asked, so nothing is known. */
export function isOwnFault(kind: Service['kind'], { fault }: Pick<ProbeResult, 'fault'>): boolean {
  return fault === 'programMissing' || fault === 'secretMissing' || (fault === 'notPermitted' && kind === 'ping');
}
