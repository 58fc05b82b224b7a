/**
 * Where a device is plugged in, from its path below /sys/devices. The path is the kernel's only name for a device that does
 * not depend on the order in which devices were found; but parts of it do, and those are left out. Pure.
 */

/** The place of a device. */
export interface Place {
  /** Stable as long as the device stays where it is. */
  readonly id: string;
  /** The last part of it as the system prints it, for a person. */
  readonly text: string;
}

const PCI = /^([0-9a-f]{4,}):([0-9a-f]{2}):([0-9a-f]{2}\.[0-7])$/;
const I2C_ADAPTER = /^i2c-\d+$/;

/** Folders of a class: beneath them devices are numbered in the order in which they were found. */
const CLASSES = new Set(['accel', 'drm', 'hwmon', 'ieee80211', 'infiniband', 'net', 'nvme', 'thermal']);

/** Numbers that are given in the order in which buses and devices were found, and what is left without them. */
const NUMBERED: readonly (readonly [RegExp, string])[] = [
  // Root hubs, then ports (1-2.3), interfaces (1-2.3:1.0) and chips on I2C (1-004c), each behind the number of its bus.
  [/^usb\d+$/, 'usb'],
  [/^\d+-(.+)$/, '$1'],
  [/^([0-9A-F]{4}:[0-9A-F]{4}:[0-9A-F]{4})\.[0-9A-F]{4,}$/, '$1'],
  // The bus to the chip of a network socket has the number of the PCI bus that the card is on in its name.
  [/^([a-z]\w*)-[0-9a-f]+-[0-9a-f]+(:[0-9a-f]+)?$/, '$1$2'],
  [/^spi\d+\.(\d+)$/, 'spi.$1'],
  [/^(mmc)\d+(:.+)$/, '$1$2'],
  [/^(.+)\.\d+(\.auto)$/, '$1$2'],
  [/^(ata|card|host|mei|mmc|nvme|phy|spi)\d+$/, '$1'],
];

/** A longer place is shortened: ids of devices are limited in length. */
const LONGEST = 160;

/** The parts of a path for which `placeOf` needs a fact, and the attribute that has it. */
export function factsOf(parts: readonly string[]): readonly { readonly index: number; readonly attribute: string }[] {
  return parts.flatMap((part, index) => {
    if (PCI.test(part) && PCI.test(parts[index + 1] ?? '')) return [{ index, attribute: 'secondary_bus_number' }];
    return I2C_ADAPTER.test(part) ? [{ index, attribute: 'name' }] : [];
  });
}

/** A number for a text, as eight digits: FNV-1a. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Without what only says which class a device is of: drivers move between `…/0000:01:00.0` and `…/0000:01:00.0/nvme/nvme0`. */
function withoutClasses(parts: readonly string[]): string[] {
  const left = [...parts];
  while (left.length > 1 && CLASSES.has(left[left.length - 2] ?? '')) left.length -= 2;
  return left;
}

/**
 * One part. The number of a bus behind a bridge changes when a card is added anywhere; what follows it does not. So it is
 * left out where it is the bridge's own, which `fact` of the part before says.
 */
function partOf(part: string, fact: string | undefined, factBefore: string | undefined): string {
  const [, , bus, slot] = PCI.exec(part) ?? [];
  if (bus !== undefined && slot !== undefined) return factBefore !== undefined && Number(factBefore) === Number.parseInt(bus, 16) ? slot : part;
  if (I2C_ADAPTER.test(part)) return fact === undefined || fact === '' ? 'i2c' : `(${fact})`;
  const numbered = NUMBERED.find(([pattern]) => pattern.test(part));
  return numbered === undefined ? part : part.replace(numbered[0], numbered[1]);
}

/**
 * The place of the device whose path below /sys/devices has these parts; null for one that is in no hardware. `facts` are
 * the attributes that `factsOf` asks for, by index.
 */
export function placeOf(parts: readonly string[], facts: ReadonlyMap<number, string>): Place | null {
  const device = withoutClasses(parts);
  const text = device[device.length - 1];
  if (text === undefined || device[0] === 'virtual') return null;
  const named = device.map((part, index) => partOf(part, facts.get(index), facts.get(index - 1)));
  const skipped = /^(?:pci[0-9a-f]{4}:[0-9a-f]{2}|platform)$/;
  const id = named.filter((_, index) => index > 0 || !skipped.test(device[0] ?? '')).join('/');
  if (id === '') return null;
  return { id: id.length <= LONGEST ? id : `${shortHash(id)}…${id.slice(-LONGEST / 2)}`, text };
}
