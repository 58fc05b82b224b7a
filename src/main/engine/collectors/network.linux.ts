/** Network counters from /proc/net/dev; /sys/class/net says how the interfaces are stacked. */
import { join } from 'node:path';
import { Cursor } from './byte-cursor';
import type { SystemDeps } from './deps';
import { parseFault } from './faults';
import { HeldFile, WHOLE } from './files';
import { isTransient, summedOf } from './interface-stacks';
import { readInterfaceFacts } from './interfaces.linux';
import { CounterStarts } from './counter-starts';
import { containerStart } from './namespace-start.linux';
import { networkReading, withStarts } from './network';
import type { InterfaceCounters, NetworkRaw } from './network';
import { ownValue } from './numbers';
import type { Collector } from './collector';

const DEV = '/proc/net/dev';
const COLON = 58;

/** Counters of one line of /proc/net/dev. */
export type DevLine = Omit<InterfaceCounters, 'detail' | 'summed' | 'stored'>;

/** Reads the interface name and moves behind it. A name may contain colons, so it ends at the last one of the line. */
function nameOf(cursor: Cursor): string {
  cursor.blanks();
  const colon = cursor.bytes.lastIndexOf(COLON, cursor.lineEnd() - 1);
  if (colon < cursor.position) throw parseFault(DEV, 'has a line without an interface name');
  const name = cursor.bytes.toString('utf8', cursor.position, colon);
  cursor.position = colon + 1;
  return name;
}

/** Cells: bytes packets errs drop, four more, and the same for sending. */
function parseLine(cursor: Cursor, name: string): DevLine {
  const rxBytes = cursor.number();
  const rxPackets = cursor.number();
  const rxErrors = cursor.number();
  const rxDrops = cursor.number();
  cursor.skip(4);
  const txBytes = cursor.number();
  const txPackets = cursor.number();
  const txErrors = cursor.number();
  const txDrops = cursor.number();
  if (rxBytes < 0 || rxPackets < 0 || rxErrors < 0 || rxDrops < 0 || txBytes < 0 || txPackets < 0 || txErrors < 0 || txDrops < 0) {
    throw parseFault(DEV, `line of ${name} is truncated or not numeric`);
  }
  return { rxBytes, rxPackets, txBytes, txPackets, errors: rxErrors + txErrors, drops: rxDrops + txDrops };
}

/** Parses /proc/net/dev. Throws a ParseError. */
export function parseNetDev(bytes: Buffer): Map<string, DevLine> {
  const cursor = new Cursor(bytes);
  if (!cursor.startsWith('Inter-|')) throw parseFault(DEV, 'does not begin with its heading');
  cursor.nextLine();
  cursor.nextLine();
  const lines = new Map<string, DevLine>();
  for (; !cursor.atEnd; cursor.nextLine()) {
    const name = nameOf(cursor);
    lines.set(name, parseLine(cursor, name));
  }
  return lines;
}

/** Cached facts about the interfaces. */
interface InterfaceCatalog {
  readonly names: string;
  readonly readAt: number;
  readonly summed: ReadonlySet<string>;
  readonly transient: ReadonlySet<string>;
  readonly addresses: Readonly<Record<string, string>>;
}

/** Interfaces whose traffic is summed (see interface-stacks.ts). */
export function summedInterfaces(root: string, names: readonly string[], facts = readInterfaceFacts(root, names)): Set<string> {
  return summedOf(facts);
}

function readCatalog(deps: Pick<SystemDeps, 'root' | 'addresses'>, names: readonly string[]): Pick<InterfaceCatalog, 'summed' | 'transient' | 'addresses'> {
  const facts = readInterfaceFacts(deps.root, names);
  const summed = summedInterfaces(deps.root, names, facts);
  const transient = [...facts].filter(([name, own]) => !summed.has(name) && isTransient(name, own, facts));
  return { summed, transient: new Set(transient.map(([name]) => name)), addresses: deps.addresses() };
}

/** How long the facts are cached while the names do not change: addresses may. */
const CACHE_MS = 60_000;

function isIdle(line: DevLine): boolean {
  return line.rxPackets === 0 && line.txPackets === 0;
}

/** Adds the cached facts. Virtual interfaces that never carried a packet are left out, except loopback. */
function withCatalog(lines: ReadonlyMap<string, DevLine>, catalog: InterfaceCatalog): Map<string, InterfaceCounters> {
  const raw = new Map<string, InterfaceCounters>();
  for (const [name, line] of lines) {
    const summed = catalog.summed.has(name);
    if (!summed && name !== 'lo' && isIdle(line)) continue;
    const { rxBytes, rxPackets, txBytes, txPackets, errors, drops } = line;
    const stored = catalog.transient.has(name) ? ({ stored: false } as const) : {};
    raw.set(name, { detail: ownValue(catalog.addresses, name), summed, ...stored, rxBytes, rxPackets, txBytes, txPackets, errors, drops });
  }
  return raw;
}

/** Reads the file synchronously; it stays open between reads. The facts are read when the names change, and each minute. */
export function linuxNetwork(deps: Pick<SystemDeps, 'root' | 'clock' | 'addresses'>): Collector<'network', NetworkRaw> {
  const dev = new HeldFile(join(deps.root, DEV), 4096, WHOLE.lines);
  const starts = new CounterStarts(() => containerStart(deps.root, deps.clock.now()));
  let catalog: InterfaceCatalog | null = null;
  const catalogOf = (names: readonly string[]): InterfaceCatalog => {
    const now = deps.clock.mono();
    const joined = names.join('\n');
    if (catalog === null || catalog.names !== joined || now - catalog.readAt >= CACHE_MS) {
      catalog = { names: joined, readAt: now, ...readCatalog(deps, names) };
    }
    return catalog;
  };
  return {
    family: 'network',
    read: () => {
      const lines = parseNetDev(dev.bytes());
      return withStarts(withCatalog(lines, catalogOf([...lines.keys()])), starts, deps.clock.now());
    },
    toReading: networkReading,
    close: () => dev.close(),
  };
}
