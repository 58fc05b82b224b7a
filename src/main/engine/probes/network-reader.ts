/** Reads the network of the system that this runs on. */
import type { Platform } from '../collectors/deps';
import { readNetworkInterfaces } from '../network-interfaces';
import { networkOfInterfaces } from './network-state';
import type { NetworkState } from './network-state';
import { networkBuffer, readLinuxNetwork } from './network-state.linux';

/** A reader of the network of a system; `root` as in the dependencies of collectors. It never throws. */
export function networkReader(platform: Platform, root: string): () => NetworkState {
  if (platform !== 'linux') return () => networkOfInterfaces(readNetworkInterfaces());
  let buffer: Buffer | undefined;
  return () => readLinuxNetwork(root, (buffer ??= networkBuffer()));
}
