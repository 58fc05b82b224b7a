/** Names that others have already (RFC 6762, 8 and 9). Pure. */
import type { Answer, Packet, StringAnswer } from 'dns-packet';
import { shortAddress } from '../../access/addresses';
import { dataOf, hostName, instanceName, sameName, sameRecord, toLabel } from './records';
import type { MdnsNames, MdnsRecord, MdnsService } from './records';

/** Which of the names another one has. */
export type Contested = keyof MdnsNames;

/** What is announced, and every address of this machine. */
export interface Claim {
  readonly names: MdnsNames;
  readonly service: MdnsService;
  readonly records: readonly MdnsRecord[];
  /** Another responder on this machine announces the same host with the same addresses: that is no conflict. */
  readonly ownAddresses: ReadonlySet<string>;
}

const isAddress = (record: Answer): record is StringAnswer => record.type === 'A' || record.type === 'AAAA';

function contestedBy(record: Answer, { names, service, records, ownAddresses }: Claim): Contested | null {
  if (!('ttl' in record) || record.ttl === 0 || record.class !== 'IN') return null;
  if (isAddress(record) && sameName(record.name, hostName(names))) return ownAddresses.has(shortAddress(record.data)) ? null : 'host';
  if ((record.type !== 'SRV' && record.type !== 'TXT') || !sameName(record.name, instanceName(names, service))) return null;
  return records.some((own) => sameRecord(own, record)) ? null : 'instance';
}

/** The name that a response gives to another host or service; null for none. */
export function conflictIn({ answers = [], additionals = [] }: Packet, claim: Claim): Contested | null {
  for (const record of [...answers, ...additionals]) {
    const contested = contestedBy(record, claim);
    if (contested !== null) return contested;
  }
  return null;
}

const TYPES: Readonly<Record<string, number>> = { A: 1, TXT: 16, AAAA: 28, SRV: 33 };

/** Records of one name in the order in which they are compared, each as its type and data. */
function inOrder(records: readonly Answer[], name: string): readonly Buffer[] {
  const found = records.filter((record) => sameName(record.name, name) && record.type in TYPES);
  return found.map((record) => Buffer.concat([Buffer.from([TYPES[record.type] ?? 0]), dataOf(record) ?? Buffer.alloc(0)])).toSorted((a, b) => Buffer.compare(a, b));
}

function compareLists(a: readonly Buffer[], b: readonly Buffer[]): number {
  for (const [at, one] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const order = Buffer.compare(one, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Whether a probe for the same name by another host, at the same time, comes first: the one with the later data wins (RFC 6762, 8.2). */
export function losesAgainst({ authorities = [] }: Packet, { names, service, records }: Claim): boolean {
  return [hostName(names), instanceName(names, service)].some((name) => {
    const theirs = inOrder(authorities, name);
    return theirs.length > 0 && compareLists(inOrder(records, name), theirs) < 0;
  });
}

/** The next name to try: `box-2`, `box-3` for hosts, `Traywatch on box (2)` for services. */
export function renamed(base: MdnsNames, names: MdnsNames, contested: Contested): MdnsNames {
  const current = names[contested];
  const count = current === base[contested] ? 2 : Number(/(\d+)\)?$/.exec(current)?.[1] ?? 1) + 1;
  return { ...names, [contested]: toLabel(base[contested], contested === 'host' ? `-${count}` : ` (${count})`) };
}
