/**
 * What the kernel says of each program that has a graphics card open, in /proc/<pid>/fdinfo/<fd>
 * (Documentation/gpu/drm-usage-stats.rst), and the load of a card or a process made from two looks. Pure.
 */

/** Counters of one kind of engine, such as `render`: busy time, or busy cycles beside all cycles that passed. */
interface EngineUse {
  readonly busy: number;
  /** Cycles of the clock meanwhile; null where `busy` is in nanoseconds. */
  readonly total: number | null;
  /** How many engines of the kind there are. */
  readonly capacity: number;
}

/** One user of a card; several open files may be of the same one. */
export interface DrmClient {
  /** PCI address of the card. */
  readonly card: string;
  readonly id: string;
  readonly pid: number;
  readonly engines: ReadonlyMap<string, EngineUse>;
}

/** All users at one time, monotonic ms. */
export interface DrmLook {
  readonly at: number;
  readonly clients: ReadonlyMap<string, DrmClient>;
  /** Addresses of the cards whose users were left out, as the card must be left alone. */
  readonly leftOut: ReadonlySet<string>;
}

const LINE = /^drm-([\w-]+):[ \t]*(.*?)[ \t]*$/gm;

/** Values by their keys without `drm-`; empty for a file of something else. */
function keysIn(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(LINE)].map(([, key = '', value = '']) => [key, value]));
}

const numberOf = (text: string | undefined): number | null => {
  const digits = /^\d+/.exec(text ?? '')?.[0];
  return digits === undefined ? null : Number(digits);
};

/** The user that a file of fdinfo tells of; null without a card, an id or engines. */
export function parseClient(text: string, pid: number): DrmClient | null {
  const keys = keysIn(text);
  const [card, id] = [keys.get('pdev'), keys.get('client-id')];
  if (card === undefined || id === undefined) return null;
  const engines = new Map<string, EngineUse>();
  for (const [key, value] of keys) {
    const [, kind, name] = /^(engine|cycles)-(.+)$/.exec(key) ?? [];
    const busy = numberOf(value);
    if (kind === undefined || name === undefined || busy === null || name.startsWith('capacity-')) continue;
    const total = kind === 'cycles' ? numberOf(keys.get(`total-cycles-${name}`)) : null;
    // Without all cycles, cycles say nothing; time does, where a driver tells both.
    if (kind === 'cycles' && (total === null || keys.has(`engine-${name}`))) continue;
    engines.set(name, { busy, total, capacity: numberOf(keys.get(`engine-capacity-${name}`)) ?? 1 });
  }
  return engines.size === 0 ? null : { card, id, pid, engines };
}

/** Key of a user among those of all cards. */
export const clientKey = ({ card, id }: DrmClient): string => `${card} ${id}`;

const NANOSECONDS = 1e6;

/** Percent of an engine's time that a user had it busy; values that go backwards for a moment count as none. */
function shareOf(now: EngineUse, before: EngineUse | undefined, ms: number): number {
  const busy = Math.max(0, now.busy - (before?.busy ?? 0));
  const passed = now.total === null ? ms * NANOSECONDS : now.total - (before?.total ?? 0);
  return passed > 0 ? (100 * busy) / passed / Math.max(1, now.capacity) : 0;
}

/** Sums by `group` and kind of engine, in percent. A user that came between the looks counts from the next on. */
function engineSums(before: DrmLook, now: DrmLook, group: (client: DrmClient) => string): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const sums = new Map<string, Map<string, number>>();
  for (const [key, client] of now.clients) {
    const known = before.clients.get(key);
    if (known === undefined) continue;
    const engines = sums.get(group(client)) ?? new Map<string, number>();
    for (const [name, use] of client.engines) engines.set(name, (engines.get(name) ?? 0) + shareOf(use, known.engines.get(name), now.at - before.at));
    sums.set(group(client), engines);
  }
  return sums;
}

const busiest = (engines: ReadonlyMap<string, number>): number => Math.min(100, Math.max(0, ...engines.values()));

/** Load of each card between two looks: that of its busiest kind of engine, by the programs that could be seen. */
export function cardLoads(before: DrmLook, now: DrmLook): ReadonlyMap<string, number> {
  return new Map([...engineSums(before, now, ({ card }) => card)].map(([card, engines]) => [card, busiest(engines)]));
}

/** The same for each process; its busiest engine on any card. */
export function processLoads(before: DrmLook, now: DrmLook): ReadonlyMap<number, number> {
  const loads = new Map<number, number>();
  for (const [key, engines] of engineSums(before, now, ({ pid, card }) => `${pid} ${card}`)) {
    const pid = Number(key.slice(0, key.indexOf(' ')));
    loads.set(pid, Math.max(loads.get(pid) ?? 0, busiest(engines)));
  }
  return loads;
}
