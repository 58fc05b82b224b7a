/** The records that announce the server (RFC 6763), and how records of others compare with them. Pure. */
import { encode } from 'dns-packet';
import type { Answer, SrvAnswer, StringAnswer, TxtAnswer } from 'dns-packet';
import { isIP } from 'node:net';
import { shortAddress } from '../../access/addresses';

/** The names that may have to change when another machine or program has them. */
export interface MdnsNames {
  /** Label of the host, without `.local`. */
  readonly host: string;
  /** Label of the service, as lists of services show it. */
  readonly instance: string;
}

/** What is announced, apart from addresses. */
export interface MdnsService {
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/** A record of the server. */
export type MdnsRecord = (StringAnswer | SrvAnswer | TxtAnswer) & { readonly ttl: number };

/** Lifetimes that RFC 6762 (10) recommends, seconds: of records with a host name, and of others. */
const HOST_TTL = 120;
const OTHER_TTL = 4500;
/** Longest label, bytes of UTF-8. */
const MAX_LABEL = 63;

/** Name of all services of a kind. */
const typeName = ({ scheme }: MdnsService): string => `_${scheme}._tcp.local`;
export const hostName = ({ host }: MdnsNames): string => `${host}.local`;
export const instanceName = ({ instance }: MdnsNames, service: MdnsService): string => `${instance}.${typeName(service)}`;

/** A text as one label: no dots, which would divide it, and at most 63 bytes. `suffix` is kept. */
export function toLabel(text: string, suffix = ''): string {
  let label = text.replaceAll('.', ' ').trim();
  while (Buffer.byteLength(label) + Buffer.byteLength(suffix) > MAX_LABEL) label = Array.from(label).slice(0, -1).join('').trimEnd();
  return `${label}${suffix}`;
}

/** The records to send on a link where the host has these addresses. */
export function recordsOf(names: MdnsNames, service: MdnsService, addresses: readonly string[]): readonly MdnsRecord[] {
  const type = typeName(service);
  const instance = instanceName(names, service);
  const target = hostName(names);
  // flush: the record belongs to this host alone, and replaces what caches have.
  return [
    { name: '_services._dns-sd._udp.local', type: 'PTR', ttl: OTHER_TTL, flush: false, data: type },
    { name: type, type: 'PTR', ttl: OTHER_TTL, flush: false, data: instance },
    { name: instance, type: 'SRV', ttl: HOST_TTL, flush: true, data: { port: service.port, target, priority: 0, weight: 0 } },
    { name: instance, type: 'TXT', ttl: OTHER_TTL, flush: true, data: ['path=/'] },
    ...addresses.map((data): MdnsRecord => ({ name: target, type: isIP(data) === 6 ? 'AAAA' : 'A', ttl: HOST_TTL, flush: true, data })),
  ];
}

/** Names are compared without regard to the case of ASCII letters. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Header, root name, type, class, TTL and length before the data of the only record of a message. */
const DATA_OFFSET = 12 + 1 + 2 + 2 + 4 + 2;

/** The data of a record as bytes, for comparisons; null where it cannot be written. */
export function dataOf(record: Answer): Buffer | null {
  if (record.type === 'OPT') return null;
  const plain = record.type === 'AAAA' ? { ...record, data: shortAddress(record.data) } : record;
  try {
    return encode({ type: 'response', answers: [{ ...plain, name: '.' }] }).subarray(DATA_OFFSET);
  } catch {
    return null;
  }
}

/** Whether two records say the same, apart from their lifetimes. */
export function sameRecord(a: Answer, b: Answer): boolean {
  if (a.type !== b.type || !sameName(a.name, b.name)) return false;
  const [one, other] = [dataOf(a), dataOf(b)];
  return one !== null && other !== null && one.toString('latin1').toLowerCase() === other.toString('latin1').toLowerCase();
}
