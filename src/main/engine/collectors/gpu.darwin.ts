/** Graphics of macOS: what its accelerators tell of themselves, from one ioreg(8) for all of them. Power is told to nobody without root. */
import type { DeviceState } from '../../../shared/metrics/device-state';
import type { Value } from '../../../shared/metrics/reading';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { asShare, gpuReading, NO_VALUES } from './gpu';
import type { CardRaw, GpuMetric, GpuRaw } from './gpu';

const IOREG = '/usr/sbin/ioreg';

/** Each accelerator alone (`-d 1`), no line cut (`-w 0`). */
const ARGUMENTS = ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'];

/** After this a program that hangs is ended, ms: before its family fails. */
const DEADLINE = 2500;

/** A program for each read is dear: at most so often, ms. */
const LEAST_INTERVAL = 10_000;

/** What accelerators of Apple tell, and those of Intel Macs beside it. */
const APPLE_TELLS: readonly GpuMetric[] = ['load', 'sharedUsed'];
const OTHERS_TELL: readonly GpuMetric[] = [...APPLE_TELLS, 'memoryUsed', 'memoryTotal', 'temperature', 'power', 'clock', 'fan', 'fanShare'];

const MEGAHERTZ = 1e6;

/** One accelerator: its class, and its properties as they are written. */
interface Accelerator {
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
}

const ENTRY = /^\+-o (\S+).*<class /;
const PROPERTY = /^[ |]*"([^"]+)" = (.*)$/;

function acceleratorsIn(text: string): Accelerator[] {
  const found: { name: string; properties: Map<string, string> }[] = [];
  for (const line of text.split('\n')) {
    const name = ENTRY.exec(line)?.[1];
    if (name !== undefined) found.push({ name, properties: new Map() });
    const [, key, value] = PROPERTY.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.at(-1)?.properties.set(key, value);
  }
  return found;
}

/** Numbers of a dictionary such as `{"Device Utilization %"=12,"In use system memory"=4096}` by key. */
function numbersIn(dictionary: string | undefined): ReadonlyMap<string, number> {
  return new Map([...(dictionary ?? '').matchAll(/"([^"]+)"=(\d+)/g)].map(([, key = '', value]) => [key, Number(value)]));
}

const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/^AGX/, 'Apple graphics'],
  [/^(AMD|ATI)/, 'AMD graphics'],
  [/^(NV|Ge)/, 'NVIDIA graphics'],
  [/^Intel/, 'Intel graphics'],
];

/** `"Apple M3"`, or a model as data, `<"AMD Radeon Pro 5300M">`; else what its class says. */
function labelOf({ name, properties }: Accelerator): string {
  const model = /^<?"([^"]+)">?$/.exec(properties.get('model') ?? '')?.[1];
  return model ?? VENDORS.find(([pattern]) => pattern.test(name))?.[1] ?? name;
}

const isApple = ({ name }: Accelerator): boolean => name.startsWith('AGX');

function cardOf(one: Accelerator): Omit<CardRaw, 'id'> {
  const numbers = numbersIn(one.properties.get('PerformanceStatistics'));
  const number = (...keys: readonly string[]): Value => keys.map((key) => numbers.get(key)).find((value) => value !== undefined) ?? null;
  const scaled = (value: Value, factor: number): Value => (value === null ? null : value * factor);
  const used = number('vramUsedBytes');
  const total = used === null ? null : used + (number('vramFreeBytes') ?? 0);
  // One that is part of the processor has none of its own, and says 0.
  const hasMemory = total !== null && total > 0;
  const isOff = numbersIn(one.properties.get('AGCInfo')).get('poweredOffByAGC') === 1;
  const state: DeviceState = { code: isOff ? 'asleep' : 'active' };
  const values = {
    ...NO_VALUES,
    load: asShare(number('Device Utilization %', 'GPU Activity(%)')),
    memoryUsed: hasMemory ? used : null,
    memoryTotal: hasMemory ? total : null,
    sharedUsed: number('In use system memory', 'gartUsedBytes'),
    temperature: number('Temperature(C)'),
    power: number('Total Power(W)'),
    clock: scaled(number('Core Clock(MHz)'), MEGAHERTZ),
    fan: number('Fan Speed(RPM)'),
    fanShare: asShare(number('Fan Speed(%)')),
  };
  return { label: labelOf(one), detail: one.name, state, values: isOff ? null : values };
}

/**
 * Parses the accelerators. One of a kind is known by its class; a second one is numbered, as nothing else distinguishes them.
 * Throws SystemUnavailable for an output without any accelerator: every Mac has one.
 */
export function parseAccelerators(text: string): GpuRaw {
  const counts = new Map<string, number>();
  const found = acceleratorsIn(text);
  if (found.length === 0) throw new CollectorError('SystemUnavailable', 'ioreg lists no graphics');
  const cards = found.map((one) => {
    const count = (counts.get(one.name) ?? 0) + 1;
    counts.set(one.name, count);
    return { id: count === 1 ? one.name : `${one.name} ${count}`, ...cardOf(one) };
  });
  return { cards, told: new Set(found.every(isApple) ? APPLE_TELLS : OTHERS_TELL) };
}

/** Reads all accelerators. */
export function darwinGpu({ programs }: Pick<SystemDeps, 'programs'>): Collector<'gpu', GpuRaw> {
  return {
    family: 'gpu',
    leastInterval: LEAST_INTERVAL,
    read: async () => parseAccelerators(await programs.read(IOREG, ARGUMENTS, DEADLINE)),
    toReading: gpuReading,
  };
}
