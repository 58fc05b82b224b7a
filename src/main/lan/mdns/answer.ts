/** What is sent in response to a query (RFC 6762, 6 and 7). Pure. */
import type { Answer, Packet, Question } from 'dns-packet';
import { sameName, sameRecord } from './records';
import type { MdnsRecord } from './records';

/** Records that answer, and records that the asker needs next. */
export interface MdnsAnswer {
  readonly answers: readonly MdnsRecord[];
  readonly additionals: readonly MdnsRecord[];
}

/** A response to a client without multicast DNS lives for at most this, seconds (RFC 6762, 6.7). */
const LEGACY_TTL = 10;
/** Authoritative answer. */
const FLAGS = 1 << 10;

const isAsked = ({ name, type }: Question, record: MdnsRecord): boolean => sameName(name, record.name) && ((type as string) === 'ANY' || type === record.type);

/** The asker has the record already, for at least half of its lifetime. */
const isKnown = (record: MdnsRecord, known: readonly Answer[]): boolean => known.some((one) => 'ttl' in one && (one.ttl ?? 0) >= record.ttl / 2 && sameRecord(one, record));

/** Records named by others: the service of a pointer, the addresses of a service. */
function namedBy(found: readonly MdnsRecord[], records: readonly MdnsRecord[]): readonly MdnsRecord[] {
  const names = found.flatMap((record) => (record.type === 'PTR' ? [record.data] : record.type === 'SRV' ? [record.data.target] : []));
  return records.filter(({ name }) => names.some((one) => sameName(one, name)));
}

/** The answer to a query; null where there is nothing to say. */
export function answerTo({ questions = [], answers: known = [] }: Packet, records: readonly MdnsRecord[]): MdnsAnswer | null {
  const answers = records.filter((record) => questions.some((question) => isAsked(question, record)) && !isKnown(record, known));
  if (answers.length === 0) return null;
  const services = namedBy(answers, records);
  const additionals = [...services, ...namedBy(services, records)].filter((record, at, all) => !answers.includes(record) && all.indexOf(record) === at);
  return { answers, additionals };
}

/** The answer as a message to all. */
export function toResponse({ answers, additionals }: MdnsAnswer): Packet {
  return { type: 'response', flags: FLAGS, answers: [...answers], additionals: [...additionals] };
}

/** The answer to a client that does not listen to multicast: with its id and question, and for a short time. */
export function toLegacyResponse({ id, questions = [] }: Packet, { answers, additionals }: MdnsAnswer): Packet {
  const short = (record: MdnsRecord): MdnsRecord => ({ ...record, ttl: Math.min(record.ttl, LEGACY_TTL), flush: false });
  return { id, type: 'response', flags: FLAGS, questions, answers: answers.map(short), additionals: additionals.map(short) };
}

/** All records with a lifetime of 0: caches drop them. */
export function toGoodbye(records: readonly MdnsRecord[]): Packet {
  return toResponse({ answers: records.map((record) => ({ ...record, ttl: 0 })), additionals: [] });
}
