/** Whether this machine has a network at all, as its system tells it. */
import type { Platform } from '../collectors/deps';
import { readNetworkInterfaces } from '../network-interfaces';
import type { InterfaceAddresses } from '../network-interfaces';
import { readLinuxNetwork } from './network-state.linux';

/** What there is. */
export interface NetworkState {
  /** default: a way to everywhere. some: to networks that it is part of, such as a LAN without a router. none: only to itself. */
  readonly routes: 'default' | 'some' | 'none';
  readonly hasNameServer: boolean;
}

/** Of a system that does not tell. */
export const UNKNOWN_NETWORK: NetworkState = { routes: 'default', hasNameServer: true };

/** By the addresses of its interfaces: without one that others can reach there is no network. Routes are not told there. Pure. */
export function networkOfInterfaces(interfaces: readonly InterfaceAddresses[]): NetworkState {
  const isReachable = interfaces.some(([, addresses]) => addresses.some(({ internal, address }) => !internal && !/^(169\.254\.|fe[89ab])/i.test(address)));
  return { routes: isReachable ? 'default' : 'none', hasNameServer: true };
}

/** A reader of the network of a system; `root` as in the dependencies of collectors. It never throws. */
export function networkReader(platform: Platform, root: string): () => NetworkState {
  return platform === 'linux' ? () => readLinuxNetwork(root) : () => networkOfInterfaces(readNetworkInterfaces());
}
