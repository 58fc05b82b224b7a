/**
 * Announces the server on the network by multicast DNS (RFC 6762) as a service (RFC 6763, `_https._tcp`), over IPv4. Loaded
 * only while that is turned on. Whatever goes wrong becomes the state `failed`, and is tried again after a pause: nothing here ends or
 * throws into the rest of the program.
 */
import { decode, encode } from 'dns-packet';
import type { Packet } from 'dns-packet';
import { messageOf } from '../../../shared/result';
import { shortAddress } from '../../access/addresses';
import type { Announcement, Announcer, MdnsParts } from './announcement';
import { answerTo, toGoodbye, toLegacyResponse, toResponse } from './answer';
import { conflictIn, losesAgainst, renamed } from './conflict';
import type { Claim, Contested } from './conflict';
import { isOnLink } from './links';
import type { MdnsLink } from './links';
import { hostName, instanceName, recordsOf, toLabel } from './records';
import type { MdnsNames, MdnsRecord } from './records';
import { MDNS_PORT, openSocketsAt } from './sockets';
import type { MdnsDatagram, MdnsSockets } from './sockets';

/** Intervals of RFC 6762 (8.1, 8.3), ms. */
const PROBE_INTERVAL = 250;
const PROBES = 3;
const ANNOUNCE_INTERVAL = 1000;
const ANNOUNCEMENTS = 2;
/** Pause after losing against a probe at the same time (8.2), ms. */
const TIE_PAUSE = 1000;
/** Delay of answers that several hosts may give (6), ms: from, and span. */
const SHARED_DELAY = [20, 100] as const;
/** A record is not sent to all more often than this (6), ms; in defense against a probe. */
const REPEAT_PAUSE = 1000;
const DEFENSE_PAUSE = 250;
/** Names tried before giving up for now: whoever has them all is no neighbor with the same name. */
const MAX_RENAMES = 10;
/** A link that refused to send is tried again after this, ms. */
const REOPEN_AFTER = 300_000;
/** Pauses before another attempt, ms; the last one repeats. */
const RETRY_DELAYS = [5000, 30_000, 60_000, 300_000] as const;

/** An announcement, from start to end. */
export class MdnsAnnouncer implements Announcer {
  #names: MdnsNames;
  #phase: 'opening' | 'probing' | 'announced' | 'failed' | 'closed' = 'opening';
  #sockets: MdnsSockets | null = null;
  #links: readonly MdnsLink[] = [];
  #startedAt = 0;
  #hasLostLink = false;
  #renames = 0;
  #attempt = 0;
  /** Grows with each start; what belongs to an earlier one is dropped. */
  #run = 0;
  #cancels = new Set<() => void>();
  #closing: Promise<void> = Promise.resolve();
  /** When a record was last sent to all of a link, monotonic ms. */
  #sentAt = new Map<string, number>();

  constructor(
    private announcement: Announcement,
    private readonly parts: MdnsParts,
  ) {
    this.#names = this.#base();
    this.#start();
  }

  /** Follows changed addresses: starts anew where something differs, and some time after a link was lost. */
  update(announcement: Announcement): void {
    if (this.#phase === 'closed') return;
    const isSame = JSON.stringify(announcement) === JSON.stringify(this.announcement);
    const isDue = this.#hasLostLink && this.parts.clock.mono() - this.#startedAt >= REOPEN_AFTER;
    this.announcement = announcement;
    if (!isSame || isDue) this.#start();
  }

  /** Withdraws the announcement. */
  async close(): Promise<void> {
    const wasAnnounced = this.#phase === 'announced';
    this.#cancelAll();
    this.#phase = 'closed';
    this.#run += 1;
    if (wasAnnounced) await this.#sayGoodbye();
    await this.#closeSockets();
  }

  #base(): MdnsNames {
    return { host: toLabel(this.announcement.host), instance: toLabel(this.announcement.instance) };
  }

  #start(): void {
    this.#cancelAll();
    const run = (this.#run += 1);
    this.#phase = 'opening';
    this.#startedAt = this.parts.clock.mono();
    this.#hasLostLink = false;
    this.#sentAt.clear();
    this.parts.onState('announcing', this.#names.host);
    void this.#open(run).catch((error: unknown) => run === this.#run && this.#fail(error));
  }

  async #open(run: number): Promise<void> {
    await this.#closeSockets();
    const { openSockets = openSocketsAt(this.parts.port ?? MDNS_PORT), random = Math.random } = this.parts;
    const sockets = await openSockets(this.announcement.links.map(({ address }) => address), {
      onMessage: (datagram) => run === this.#run && this.#guard(() => this.#onMessage(datagram)),
      onFailed: (error) => run === this.#run && this.#fail(error),
    });
    if (run !== this.#run) {
      await sockets.close();
      return;
    }
    this.#sockets = sockets;
    this.#links = this.announcement.links.filter(({ address }) => sockets.links.includes(address));
    this.#probeAfter(random() * PROBE_INTERVAL);
  }

  /** Runs a reaction to a timer or a message; an error ends the announcement for now, and nothing else. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #after(ms: number, work: () => void): void {
    const cancel = this.parts.timers.after(ms, () => {
      this.#cancels.delete(cancel);
      this.#guard(work);
    });
    this.#cancels.add(cancel);
  }

  #cancelAll(): void {
    this.#cancels.forEach((cancel) => cancel());
    this.#cancels.clear();
  }

  #fail(error: unknown): void {
    if (this.#phase === 'closed' || this.#phase === 'failed') return;
    if (this.#attempt === 0) this.parts.log.warn('the server is not announced on the LAN', { reason: messageOf(error) });
    this.#cancelAll();
    this.#run += 1;
    this.#phase = 'failed';
    this.#names = this.#base();
    this.#renames = 0;
    const delay = RETRY_DELAYS[Math.min(this.#attempt, RETRY_DELAYS.length - 1)] ?? 0;
    this.#attempt += 1;
    void this.#closeSockets();
    this.parts.onState('failed', this.#names.host);
    this.#after(delay, () => this.#start());
  }

  #closeSockets(): Promise<void> {
    const sockets = this.#sockets;
    this.#sockets = null;
    this.#links = [];
    if (sockets !== null) this.#closing = this.#closing.then(() => sockets.close()).catch((error: unknown) => this.parts.log.warn('an mDNS socket could not be closed', { reason: messageOf(error) }));
    return this.#closing;
  }

  #recordsAt(link: MdnsLink): readonly MdnsRecord[] {
    return recordsOf(this.#names, this.announcement, link.addresses);
  }

  #claimAt(link: MdnsLink): Claim {
    return { names: this.#names, service: this.announcement, records: this.#recordsAt(link), ownAddresses: new Set(this.announcement.ownAddresses.map(shortAddress)) };
  }

  #probeAfter(ms: number, sent = 0): void {
    this.#phase = 'probing';
    this.#after(ms, () => {
      if (sent === PROBES) this.#announce(0);
      else this.#probe(sent);
    });
  }

  /** Asks whether anyone has the names, with what is about to be announced. */
  #probe(sent: number): void {
    const names = [hostName(this.#names), instanceName(this.#names, this.announcement)];
    for (const link of this.#links) {
      const authorities = this.#recordsAt(link).filter(({ flush }) => flush === true).map((record) => ({ ...record, flush: false }));
      this.#send(link, { type: 'query', questions: names.map((name) => ({ name, type: 'ANY' as 'A' })), authorities });
    }
    this.#probeAfter(PROBE_INTERVAL, sent + 1);
  }

  #announce(sent: number): void {
    for (const link of this.#links) this.#sendToAll(link, { answers: this.#recordsAt(link), additionals: [] }, 0);
    if (sent + 1 < ANNOUNCEMENTS) this.#after(ANNOUNCE_INTERVAL, () => this.#announce(sent + 1));
    if (sent > 0) return;
    this.#phase = 'announced';
    this.#attempt = 0;
    this.parts.onState('announced', this.#names.host);
  }

  #onMessage({ bytes, address, port }: MdnsDatagram): void {
    const packet = parse(bytes);
    if (packet === null) return;
    for (const link of this.#links.filter((one) => isOnLink(one, address))) {
      if (packet.type === 'query') this.#onQuery(link, packet, { address, port });
      // Responses from other ports are not of multicast DNS (RFC 6762, 6).
      else if (port === (this.parts.port ?? MDNS_PORT)) this.#onConflict(conflictIn(packet, this.#claimAt(link)));
    }
  }

  #onConflict(contested: Contested | null): void {
    if (contested === null) return;
    if (this.#phase === 'announced') {
      // Whoever still has the name answers the probes; a stale answer does not come again.
      this.#cancelAll();
      this.parts.onState('announcing', this.#names.host);
      this.#probeAfter(0);
      return;
    }
    if (this.#phase !== 'probing') return;
    this.#renames += 1;
    if (this.#renames > MAX_RENAMES) throw new Error(`no free name on the network after ${MAX_RENAMES} attempts, the last one ${this.#names[contested]}`);
    const before = this.#names[contested];
    this.#names = renamed(this.#base(), this.#names, contested);
    this.parts.log.info('a name on the LAN is taken', { name: before, instead: this.#names[contested] });
    this.#cancelAll();
    this.#probeAfter(PROBE_INTERVAL);
  }

  #onQuery(link: MdnsLink, packet: Packet, from: { readonly address: string; readonly port: number }): void {
    const isProbe = (packet.authorities ?? []).length > 0;
    // Two links may be one network: the machine must not lose against itself.
    const isOwn = this.announcement.links.some((one) => one.address === from.address);
    if (this.#phase === 'probing' && isProbe && !isOwn && losesAgainst(packet, this.#claimAt(link))) {
      this.#cancelAll();
      this.#probeAfter(TIE_PAUSE);
    }
    if (this.#phase !== 'announced') return;
    const answer = answerTo(packet, this.#recordsAt(link));
    if (answer === null) return;
    if (from.port !== (this.parts.port ?? MDNS_PORT)) {
      this.#send(link, toLegacyResponse(packet, answer), from);
      return;
    }
    const { random = Math.random } = this.parts;
    const isShared = answer.answers.some(({ flush }) => flush !== true);
    const send = (): void => this.#sendToAll(link, answer, isProbe ? DEFENSE_PAUSE : REPEAT_PAUSE);
    if (isShared) this.#after(SHARED_DELAY[0] + random() * SHARED_DELAY[1], send);
    else send();
  }

  /** Sends records that were not sent to all within `pause` ms. */
  #sendToAll(link: MdnsLink, { answers, additionals }: ReturnType<typeof answerTo> & object, pause: number): void {
    const now = this.parts.clock.mono();
    const keyOf = ({ name, type, data }: MdnsRecord): string => JSON.stringify([link.address, name, type, data]);
    const due = answers.filter((record) => now - (this.#sentAt.get(keyOf(record)) ?? Number.NEGATIVE_INFINITY) >= pause);
    if (due.length === 0) return;
    due.forEach((record) => this.#sentAt.set(keyOf(record), now));
    this.#send(link, toResponse({ answers: due, additionals }));
  }

  #send(link: MdnsLink, packet: Packet, to?: { readonly address: string; readonly port: number }): void {
    const run = this.#run;
    const sending = this.#sockets?.send(link.address, encode(packet), to);
    void sending?.catch((error: unknown) => run === this.#run && to === undefined && this.#onLinkLost(link, error));
  }

  /** An interface that was turned off refuses to send; the others go on. */
  #onLinkLost(link: MdnsLink, error: unknown): void {
    this.#links = this.#links.filter((one) => one !== link);
    this.#hasLostLink = true;
    if (this.#links.length === 0) this.#fail(error);
  }

  async #sayGoodbye(): Promise<void> {
    const sockets = this.#sockets;
    if (sockets === null) return;
    await Promise.allSettled(this.#links.map(async (link) => sockets.send(link.address, encode(toGoodbye(this.#recordsAt(link))))));
  }
}

/** A message; null for what is none. */
function parse(bytes: Buffer): Packet | null {
  try {
    return decode(bytes);
  } catch {
    return null;
  }
}
