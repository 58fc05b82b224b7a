/** Whether this machine has a network at all, as its system tells it. */
import type { InterfaceAddresses } from '../network-interfaces';

/** What there is. */
export interface NetworkState {
  /** default: a way to everywhere. some: to networks that it is part of, such as a LAN without a router. none: only to itself. */
  readonly routes: 'default' | 'some' | 'none';
  readonly hasNameServer: boolean;
}

/** By the addresses of its interfaces: without one that others can reach there is no network. Routes are not told there. Pure. */
export function networkOfInterfaces(interfaces: readonly InterfaceAddresses[]): NetworkState {
  const isReachable = interfaces.some(([, addresses]) => addresses.some(({ internal, address }) => !internal && !/^(169\.254\.|fe[89ab])/i.test(address)));
  return { routes: isReachable ? 'default' : 'none', hasNameServer: true };
}
