/**
 * Understands what smartctl(8) prints with --json (json_format_version 1; smartmontools 7.0 and later). The text is that of
 * another program about hardware of any make: every field may be missing, or of another kind than it should be. Pure.
 */
import type { DeviceMetricName } from '../../../shared/metrics/index';
import type { Value } from '../../../shared/metrics/reading';
import { sumOf } from './numbers';

/** A drive that smartctl lists, and the type it needs to be told; null where it finds that out itself. */
export interface ListedDrive {
  readonly path: string;
  readonly type: string | null;
}

/** What a drive says of itself. */
export interface DriveHealth {
  readonly model: string | null;
  readonly serial: string | null;
  /** The type of device that smartctl found it to be. */
  readonly type: string | null;
  readonly kind: 'NVMe' | 'SSD' | 'HDD' | null;
  readonly values: Readonly<Partial<Record<DeviceMetricName<'health'>, Value>>>;
  /** Why it fails, or what is wrong; null for a healthy one. */
  readonly problem: string | null;
}

/** An answer: `sat` where the drive must be asked again, as an ATA drive behind a SCSI layer. */
export type DriveAnswer = { readonly kind: 'health'; readonly health: DriveHealth } | { readonly kind: 'standby' | 'denied' | 'sat' } | { readonly kind: 'unavailable'; readonly reason: string };

/** A longer answer is none: that of a drive with all its logs is below 100 KB. */
const LONGEST = 2 ** 20;

/** The value of nested fields; undefined where one of them is not there. */
function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce((inner, name) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name) ? (inner as Readonly<Record<string, unknown>>)[name] : undefined), value);
}

/** A number that can be counted with, in bounds; null otherwise. */
function numberAt(value: unknown, most: number, ...names: readonly string[]): Value {
  const found = at(value, ...names);
  return typeof found === 'number' && found >= 0 && found <= most ? found : null;
}

/** A text without what a terminal would obey, shortened; null for none. */
function textAt(value: unknown, ...names: readonly string[]): string | null {
  const found = at(value, ...names);
  if (typeof found !== 'string') return null;
  const plain = found.replaceAll(/\p{C}+/gu, ' ').trim().slice(0, 120);
  return plain === '' ? null : plain;
}

/** A type of device, which becomes an argument of smartctl: never an option. */
function typeAt(value: unknown, ...names: readonly string[]): string | null {
  const type = textAt(value, ...names);
  return type !== null && /^\w[\w,+/:.-]*$/.test(type) ? type : null;
}

const listAt = (value: unknown, ...names: readonly string[]): readonly unknown[] => {
  const found = at(value, ...names);
  return Array.isArray(found) ? found : [];
};

/** The answer as an object; null for anything else. */
function parsed(text: string): object | null {
  if (text.length > LONGEST) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Types that smartctl finds out by itself, and better: a drive listed as `scsi` may be an ATA drive. */
const DETECTED = new Set(['ata', 'scsi', 'nvme']);

/** Most drives that are asked. */
const MOST_DRIVES = 256;

/** The drives in the answer to `--scan`; null where that is not readable. A path that could be an option is left out. */
export function parseScan(text: string): ListedDrive[] | null {
  const answer = parsed(text);
  if (answer === null || at(answer, 'json_format_version') === undefined) return null;
  return listAt(answer, 'devices').slice(0, MOST_DRIVES).flatMap((device) => {
    const [path, type] = [textAt(device, 'name'), typeAt(device, 'type')];
    if (path === null || !/^(?:\/dev\/|IO)[\w/:.@,-]+$/.test(path)) return [];
    return [{ path, type: type === null || DETECTED.has(type) ? null : type }];
  });
}

/** A row of the table of attributes of an ATA drive. */
interface Attribute {
  readonly id: Value;
  readonly name: string;
  /** Normalised: 100 or more when new, counting down; of wear it is the share that is left. */
  readonly value: Value;
  readonly raw: Value;
}

const MOST = 2 ** 32;

/** Raw values are packed differently by each maker; smartctl's text begins with the count. */
function rawOf(row: unknown): Value {
  const count = Number.parseInt(textAt(row, 'raw', 'string') ?? '', 10);
  return count >= 0 && count <= MOST ? count : null;
}

const attributesOf = (answer: object): Attribute[] =>
  listAt(answer, 'ata_smart_attributes', 'table').map((row) => ({ id: numberAt(row, 255, 'id'), name: textAt(row, 'name') ?? '', value: numberAt(row, 255, 'value'), raw: rawOf(row) }));

/** Names in smartctl's database of attributes whose normalised value is the share of the rated life that is left. */
const LIFE_LEFT = /^(?:Wear_Leveling_Count|Media_Wearout_Indicator|SSD_Life_Left.*|Percent_Life(?:time)?_(?:Remain.*|Left|Used)|Remaining_Life(?:time_Perc)?|Lifetime_(?:Remaining|Left).*|Perc_Rated_Life_(?:Remain|Used)|Drive_Life_Remaining.*)$/;
/** SanDisk's attribute of one of these names counts up. */
const COUNTS_UP = 230;

/** Wear of an ATA drive; a value above 100 was never set. */
function wearOf(attributes: readonly Attribute[]): Value {
  const left = attributes.find(({ id, name, value }) => LIFE_LEFT.test(name) && id !== COUNTS_UP && value !== null && value <= 100)?.value ?? null;
  return left === null ? null : 100 - left;
}

/** The bit of critical_warning that only says that the drive is hot (NVM Express, SMART / Health Information). */
const HOT = 0x02;
/** Bits of smartctl's exit status: the drive says that it fails, and an attribute says so. */
const FAILING = 0x08;
const PREFAIL = 0x10;

/** Why a drive fails; null for one that does not, undefined where it does not say. */
function failureOf(answer: object): string | null | undefined {
  const warning = numberAt(answer, 255, 'nvme_smart_health_information_log', 'critical_warning');
  if (warning !== null) return (warning & ~HOT) === 0 ? null : (warning & 0x01) !== 0 ? 'it has little spare left' : (warning & 0x08) !== 0 ? 'it can only be read now' : 'it says that it is no longer reliable';
  const [passed, status] = [at(answer, 'smart_status', 'passed'), numberAt(answer, 255, 'smartctl', 'exit_status') ?? 0];
  if (passed === false || (status & FAILING) !== 0) return 'it says that it will fail soon: back up what is on it, and replace it';
  if ((status & PREFAIL) !== 0) return 'one of its values is past the limit of its maker: back up what is on it';
  return passed === true ? null : undefined;
}

/** Errors of a SAS drive that it could not correct. */
const scsiErrors = (answer: object): Value =>
  sumOf(['read', 'write', 'verify'].map((kind) => numberAt(answer, MOST, 'scsi_error_counter_log', kind, 'total_uncorrected_errors')));

function kindOf(answer: object): DriveHealth['kind'] {
  if (textAt(answer, 'device', 'protocol') === 'NVMe') return 'NVMe';
  const rotation = numberAt(answer, 100_000, 'rotation_rate');
  return rotation === null ? null : rotation === 0 ? 'SSD' : 'HDD';
}

function healthOf(answer: object): DriveHealth {
  const attributes = attributesOf(answer);
  const raw = (id: number): Value => attributes.find((attribute) => attribute.id === id)?.raw ?? null;
  const nvme = (name: string, most: number): Value => numberAt(answer, most, 'nvme_smart_health_information_log', name);
  const [pending, failure, hours] = [raw(197), failureOf(answer), numberAt(answer, 10_000_000, 'power_on_time', 'hours')];
  // May exceed 100: the rated life is over, the drive need not be.
  const used = nvme('percentage_used', 255) ?? numberAt(answer, 255, 'endurance_used', 'current_percent') ?? numberAt(answer, 255, 'scsi_percentage_used_endurance_indicator');
  const isUnreadable = pending !== null && pending > 0;
  return {
    model: textAt(answer, 'model_name') ?? textAt(answer, 'scsi_model_name'),
    serial: textAt(answer, 'serial_number'),
    type: typeAt(answer, 'device', 'type'),
    kind: kindOf(answer),
    values: {
      failing: typeof failure === 'string' ? 2 : isUnreadable ? 1 : failure === null ? 0 : null,
      wear: used === null ? wearOf(attributes) : Math.min(100, used),
      spare: nvme('available_spare', 100) ?? numberAt(answer, 100, 'spare_available', 'current_percent'),
      temperature: numberAt(answer, 150, 'temperature', 'current'),
      powerOn: hours === null ? null : hours * 3600,
      reallocated: raw(5) ?? numberAt(answer, MOST, 'scsi_grown_defect_list'),
      pending,
      errors: nvme('media_errors', MOST) ?? scsiErrors(answer) ?? raw(187),
    },
    problem: failure ?? (isUnreadable ? `${pending} of its sectors cannot be read` : null),
  };
}

const DENIED = /permission denied|operation not permitted|access is denied|must be root|requires root|root privileges/i;

/** Understands the answer for one drive. */
export function parseDrive(text: string): DriveAnswer {
  const answer = parsed(text);
  if (answer === null) return { kind: 'unavailable', reason: 'the answer of smartctl cannot be read' };
  const messages = listAt(answer, 'smartctl', 'messages').flatMap((message) => textAt(message, 'string') ?? []);
  const said = (pattern: RegExp): boolean => messages.some((message) => pattern.test(message));
  if (said(/\bis in [A-Z ]+ mode, exit/)) return { kind: 'standby' };
  const health = healthOf(answer);
  if (Object.values(health.values).some((value) => value !== null)) return { kind: 'health', health };
  if (said(DENIED)) return { kind: 'denied' };
  // What smartctl says of it, "try -d sat", is not in its JSON.
  if (textAt(answer, 'scsi_vendor') === 'ATA' && textAt(answer, 'device', 'type') === 'scsi') return { kind: 'sat' };
  if (said(/unknown usb bridge/i)) return { kind: 'unavailable', reason: 'smartctl does not know its USB adapter' };
  if (at(answer, 'smart_support', 'available') === false || said(/SMART support is: Unavailable|device lacks SMART/i)) return { kind: 'unavailable', reason: 'it has no SMART' };
  const [first] = messages;
  return { kind: 'unavailable', reason: first === undefined ? 'it does not tell' : `smartctl says: ${first}` };
}
