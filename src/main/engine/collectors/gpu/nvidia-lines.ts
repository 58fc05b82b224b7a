/** What nvidia-smi prints: a line of values per card, or a sentence that says why not. Pure. */
import type { Value } from '../../../../shared/metrics/reading';
import { asShare, NO_VALUES } from '../gpu';
import type { GpuMetric, GpuValues } from '../gpu';

/** The values that are asked for (`nvidia-smi --help-query-gpu`). Drivers before 520 refuse some of the last ones. */
export const FIELDS = [
  'pci.bus_id',
  'uuid',
  'name',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'power.draw',
  'clocks.current.graphics',
  'fan.speed',
  'mig.mode.current',
  'utilization.encoder',
  'utilization.decoder',
] as const;

/** Name of a value that is asked for. */
export type NvidiaField = (typeof FIELDS)[number];

/** What cards of NVIDIA can tell. */
export const NVIDIA_TELLS: readonly GpuMetric[] = ['load', 'memoryUsed', 'memoryTotal', 'temperature', 'power', 'clock', 'fanShare', 'encoder', 'decoder'];

/** One line. */
export interface NvidiaLine {
  /** PCI address as /sys writes it. */
  readonly address: string;
  readonly uuid: string;
  readonly name: string;
  readonly isMig: boolean;
  readonly values: GpuValues;
}

const MEBIBYTE = 2 ** 20;
const MEGAHERTZ = 1e6;

/** `00000000:01:00.0` as /sys writes it: lower case, a domain of four digits. Null for another text. */
export function addressOf(busId: string): string | null {
  const [, domain, rest] = /^([0-9a-f]{4,8})(:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/.exec(busId.toLowerCase()) ?? [];
  return domain === undefined || rest === undefined ? null : `${domain.replace(/^0+(?=.{4})/, '')}${rest}`;
}

/** A number; null for `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `ERR!` and whatever else stands in its place. */
const numberIn = (cell: string | undefined): Value => (cell !== undefined && /^\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : null);

const times = (value: Value, factor: number): Value => (value === null ? null : value * factor);

/** The values of a line that was asked for with these fields; null for one that was cut, and for every other text. */
export function parseLine(line: string, fields: readonly NvidiaField[]): NvidiaLine | null {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length !== fields.length) return null;
  const cell = (field: NvidiaField): string | undefined => (fields.includes(field) ? cells[fields.indexOf(field)] : undefined);
  const address = addressOf(cell('pci.bus_id') ?? '');
  const uuid = cell('uuid') ?? '';
  if (address === null || !/^(?:GPU-|MIG-)?[\da-f-]{8,}$/i.test(uuid)) return null;
  return {
    address,
    uuid,
    name: cell('name') ?? '',
    isMig: cell('mig.mode.current') === 'Enabled',
    values: {
      ...NO_VALUES,
      load: asShare(numberIn(cell('utilization.gpu'))),
      memoryUsed: times(numberIn(cell('memory.used')), MEBIBYTE),
      memoryTotal: times(numberIn(cell('memory.total')), MEBIBYTE),
      temperature: numberIn(cell('temperature.gpu')),
      power: numberIn(cell('power.draw')),
      clock: times(numberIn(cell('clocks.current.graphics')), MEGAHERTZ),
      fanShare: asShare(numberIn(cell('fan.speed'))),
      encoder: asShare(numberIn(cell('utilization.encoder'))),
      decoder: asShare(numberIn(cell('utilization.decoder'))),
    },
  };
}

/** The field that an older nvidia-smi does not know, by its sentence; null for another sentence. */
export function refusedField(sentence: string): NvidiaField | null {
  const name = /^Field "([^"]+)" is not a valid field to query/.exec(sentence)?.[1];
  return FIELDS.find((field) => field === name) ?? null;
}

/** Sentences of nvidia-smi, and what they mean to a person: what to do first. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/driver\/library version mismatch/i, 'the driver was updated while the machine ran: restart the machine'],
  [/insufficient permissions/i, 'this user may not use the card: see who may open /dev/nvidia*'],
  [/couldn't communicate with the nvidia driver|driver not loaded/i, "NVIDIA's driver is not loaded: restart the machine, or install the driver for this kernel again"],
  [/gpu is lost|fallen off the bus/i, 'the driver has lost the card: restart the machine'],
  [/gpu requires reset/i, 'the driver says that the card must be reset: restart the machine'],
  [/no devices were found/i, 'nvidia-smi finds no card'],
  [/unable to determine the device handle|failed to initialize nvml/i, 'the driver does not answer: restart the container or the machine'],
];

/** Why there are no values, from what was printed in their place. */
export function reasonIn(said: readonly string[]): string {
  const [first] = said;
  if (first === undefined) return 'nvidia-smi ended without a word; it is tried again';
  const known = MEANINGS.find(([pattern]) => said.some((line) => pattern.test(line)));
  return known?.[1] ?? `nvidia-smi says: ${first.slice(0, 160)}`;
}
