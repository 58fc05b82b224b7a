/** What a container received and sent, from the interfaces of its network namespace. */
import { readFileSync, statSync } from 'node:fs';
import type { Value } from '../../../../shared/metrics/reading';
import { accessFault } from '../../collectors/faults';
import { isAbsent } from '../../collectors/files';
import { parseNetDev } from '../../collectors/network.linux';
import { sumOf } from '../../collectors/numbers';
import { believed } from './believed';

/** Bytes since the namespace was made. */
export interface Traffic {
  readonly received: Value;
  readonly sent: Value;
}

/** It has no network of its own, or that cannot be read. */
export const NO_TRAFFIC: Traffic = { received: null, sent: null };

/** Of all interfaces but the loopback one. Null without another. Pure; throws a ParseError. */
export function trafficIn(netDev: Buffer): Traffic {
  const lines = [...parseNetDev(netDev)].filter(([name]) => name !== 'lo').map(([, line]) => line);
  return { received: believed(sumOf(lines.map(({ rxBytes }) => rxBytes))), sent: believed(sumOf(lines.map(({ txBytes }) => txBytes))) };
}

/** Result of a call on a path of /proc; null where the process is gone or hidden. */
function ifThere<T>(path: string, call: (path: string) => T): T | null {
  try {
    return call(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/**
 * Tells network namespaces apart: the file has another inode in each (proc_net_ns_init in the kernel's fs/proc/proc_net.c), and unlike
 * /proc/<pid>/ns/net everybody may ask for it. Null where the process is gone or hidden.
 */
export function networkOf(proc: string, pid: number | 'self'): number | null {
  return ifThere(`${proc}/${pid}/net/dev`, (path) => statSync(path).ino);
}

/** Reads the interfaces that a process sees. */
export function readTraffic(proc: string, pid: number): Traffic {
  const netDev = ifThere(`${proc}/${pid}/net/dev`, (path) => readFileSync(path));
  return netDev === null || netDev.length === 0 ? NO_TRAFFIC : trafficIn(netDev);
}
