/** What is announced by multicast DNS, and what the announcer offers and needs. Pure. */
import type { LanSettings } from '../../../shared/sharing/lan-settings';
import { mdnsName } from '../../access/addresses';
import type { LocalHost } from '../../access/addresses';
import type { Clock, Timers } from '../../engine/clock';
import type { Log } from '../../engine/log';
import { mdnsInterfaces } from '../bind-addresses';
import { linksOf } from './links';
import type { MdnsLink } from './links';
import type { MdnsNames, MdnsService } from './records';
import type { OpenSockets } from './sockets';

/** What to announce. */
export interface Announcement extends MdnsNames, MdnsService {
  readonly links: readonly MdnsLink[];
  /** Every address of this machine. */
  readonly ownAddresses: readonly string[];
}

/** State of the announcement. */
export type MdnsState = 'announcing' | 'announced' | 'failed';

/** What is the system's; replaced in tests. */
export interface MdnsSystem {
  readonly openSockets?: OpenSockets;
  readonly port?: number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** What announcing needs. */
export interface MdnsParts extends MdnsSystem {
  readonly clock: Pick<Clock, 'mono'>;
  readonly timers: Timers;
  readonly log: Log;
  /** `host` is the label that is announced: another than asked for where that is taken. */
  onState(state: MdnsState, host: string): void;
}

/** An active announcement. */
export interface Announcer {
  /** Follows changed addresses. */
  update(announcement: Announcement): void;
  /** Withdraws it. */
  close(): Promise<void>;
}

/** Where the server listens. */
interface Listening extends MdnsService {
  readonly addresses: readonly string[];
}

/** What to announce of a server; null where the host name cannot be part of a multicast DNS name. */
export function announcementOf(localHost: LocalHost, setting: LanSettings['addresses'], { scheme, port, addresses }: Listening): Announcement | null {
  const host = mdnsName(localHost)?.replace(/\.local$/, '');
  if (host === undefined) return null;
  const links = linksOf(localHost, mdnsInterfaces(setting, addresses), addresses.includes('::'));
  return { host, instance: `Traywatch on ${host}`, scheme, port, links, ownAddresses: localHost.addresses.map(({ address }) => address) };
}
