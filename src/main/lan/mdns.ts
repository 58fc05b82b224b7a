/** Announces the server on the network by multicast DNS (RFC 6763, `_https._tcp`). */
import type { ServiceOptions } from '@homebridge/ciao';
import type { Log } from '../engine/log';
import { messageOf } from '../../shared/result';

/** What to announce. */
export interface Announcement {
  /** Shown in lists of services. */
  readonly name: string;
  /** Name without `.local`. */
  readonly hostname: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Addresses to announce; all where null. */
  readonly addresses: readonly string[] | null;
}

/** State of the announcement. */
export type MdnsState = 'announcing' | 'announced' | 'failed';

/** An active announcement. */
export interface Announcer {
  /** Withdraws the announcement. */
  close(): Promise<void>;
}

/** The part of the mDNS library that is used. */
export interface Responder {
  createService(options: ServiceOptions): { advertise(): Promise<void> };
  shutdown(): Promise<void>;
}

async function loadResponder(): Promise<Responder> {
  const { getResponder } = await import('@homebridge/ciao');
  return getResponder();
}

/** Starts announcing. Where multicast is not allowed the state becomes `failed`, and the server works without. */
export function announce(what: Announcement, log: Log, onState: (state: MdnsState) => void, load: () => Promise<Responder> = loadResponder): Announcer {
  let closed = false;
  const started = start(what, load)
    .then((responder) => {
      if (!closed) onState('announced');
      return responder;
    })
    .catch((error: unknown) => {
      log.warn('the server is not announced on the LAN', { reason: messageOf(error) });
      if (!closed) onState('failed');
      return null;
    });
  return {
    async close() {
      closed = true;
      const responder = await started;
      await responder?.shutdown().catch((error: unknown) => log.warn('the announcement could not be taken back', { reason: messageOf(error) }));
    },
  };
}

async function start({ name, hostname, scheme, port, addresses }: Announcement, load: () => Promise<Responder>): Promise<Responder> {
  const responder = await load();
  try {
    const service = responder.createService({
      name,
      hostname,
      type: scheme,
      port,
      txt: { path: '/' },
      ...(addresses === null ? {} : { restrictedAddresses: [...addresses] }),
    });
    await service.advertise();
    return responder;
  } catch (error) {
    await responder.shutdown();
    throw error;
  }
}
