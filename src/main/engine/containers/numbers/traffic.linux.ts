/** What a container received and sent, from the interfaces of its network namespace. */
import { statSync } from 'node:fs';
import type { Value } from '../../../../shared/metrics/reading';
import { accessFault } from '../../collectors/faults';
import { isAbsent, optionalText } from '../../collectors/files';
import { sumOf } from '../../collectors/numbers';
import { believed } from './believed';

/** Bytes since the namespace was made. */
export interface Traffic {
  readonly received: Value;
  readonly sent: Value;
}

/** It has no network of its own, or that cannot be read. */
export const NO_TRAFFIC: Traffic = { received: null, sent: null };

/** A line of /proc/net/dev, see proc(5): the name, bytes received, seven more cells, bytes sent. A name may contain colons. */
const LINE = /^ *(.+): *(\d+)(?: +\d+){7} +(\d+)/gm;

/** Of all interfaces but the loopback one. Null without another. Pure. */
export function trafficIn(netDev: string): Traffic {
  const lines = [...netDev.matchAll(LINE)].filter(([, name]) => name !== 'lo');
  const sum = (cell: 2 | 3): Value => believed(sumOf(lines.map((line) => Number(line[cell]))));
  return { received: sum(2), sent: sum(3) };
}

/**
 * Tells network namespaces apart: the file has another inode in each (proc_net_ns_init in the kernel's fs/proc/proc_net.c), and unlike
 * /proc/<pid>/ns/net everybody may ask for it. Null where the process is gone or hidden.
 */
export function networkOf(proc: string, pid: number | 'self'): number | null {
  const path = `${proc}/${pid}/net/dev`;
  try {
    return statSync(path).ino;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/** Reads the interfaces that a process sees. */
export function readTraffic(proc: string, pid: number): Traffic {
  return trafficIn(optionalText(`${proc}/${pid}/net/dev`) ?? '');
}
