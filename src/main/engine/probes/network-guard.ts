/**
 * Tells a service that is down from a machine that lost its network: before one counts as down, others are looked at. Where
 * more than half of the hosts fail, it is the network. Hosts count, not services: all services of one that is down fail
 * together. Pure.
 */

/** One host in the network. */
export interface HostStanding {
  /** A service on it that can be asked. */
  readonly ask: string;
  /** When any of its services answered last, monotonic ms; -Infinity before that. */
  readonly answeredAt: number;
  /** All of its services failed when asked last. */
  readonly isFailing: boolean;
}

/** There: it is the service. Lost: it is the network. Or some services have to be asked first, as nobody knows of them now. */
export type NetworkView = 'there' | 'lost' | { readonly ask: readonly string[] };

/** With fewer hosts nothing is said of the network. */
export const LEAST_HOSTS = 3;
/** Hosts that are asked at most before it is decided: of hundreds these say enough, and asking all would be a storm. */
const ENOUGH = 10;

/**
 * Where the cause lies that a service has failed since a time (monotonic ms). `hosts` are those that count: measured, and
 * not known as down before.
 */
export function viewOf(hosts: readonly HostStanding[], since: number): NetworkView {
  if (hosts.length < LEAST_HOSTS) return 'there';
  const known = hosts.filter(({ isFailing, answeredAt }) => isFailing || answeredAt >= since);
  const missing = Math.min(hosts.length, ENOUGH) - known.length;
  const failing = known.filter(({ isFailing }) => isFailing).length;
  // What is still missing cannot change it any more.
  const most = known.length + Math.max(0, missing);
  if ((failing + Math.max(0, missing)) * 2 <= most) return 'there';
  if (failing * 2 > most) return 'lost';
  const unknown = hosts.filter((host) => !known.includes(host)).toSorted((a, b) => b.answeredAt - a.answeredAt);
  return { ask: unknown.slice(0, missing).map(({ ask }) => ask) };
}
