/**
 * The graphics cards of this machine, from files that the kernel answers without the card: which they are, never how they
 * are. A card that sleeps can be listed.
 */
import { realpath } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { isAbsent, namesIn, optionalTextAsync } from '../files';
import { placeOf } from '../hardware-place';
import { busFacts } from '../place-facts.linux';
import { amdName } from './amd-names';

/** A card with a driver that is known to tell something, or to tell nothing. */
export interface FoundCard {
  /** PCI address, such as `0000:03:00.0`. */
  readonly address: string;
  /** Says where it is plugged in, so that it stays the same whatever other cards there are. */
  readonly id: string;
  /** Folder of the PCI device. */
  readonly folder: string;
  /** Name of its display, such as card0; null without one. */
  readonly card: string | null;
  readonly driver: string;
  /** Number of the device, four hexadecimal digits. */
  readonly device: string;
  readonly label: string;
}

/** Names of cards before anything better is known. Other drivers are those of virtual machines and of displays without a GPU. */
const LABELS: Readonly<Record<string, string>> = {
  amdgpu: 'AMD graphics',
  radeon: 'AMD graphics',
  nvidia: 'NVIDIA graphics',
  nouveau: 'NVIDIA graphics',
  i915: 'Intel graphics',
  xe: 'Intel graphics',
};

const ADDRESS = /^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;
const AMD_NAMES = ['/usr/share/libdrm/amdgpu.ids', '/run/host/usr/share/libdrm/amdgpu.ids'];
const NVIDIA = '/proc/driver/nvidia/gpus';

/** Where the device is, with links resolved; null if it is gone. */
export async function realFolder(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** What the kernel knows of a device by itself: `KEY=value` lines, such as DRIVER and PCI_ID. */
async function factsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const text = (await optionalTextAsync(join(folder, 'uevent'))) ?? '';
  return new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

async function labelOf(root: string, driver: string, device: string, folder: string): Promise<string> {
  const plain = LABELS[driver] ?? driver;
  if (driver !== 'amdgpu') return plain;
  // Kept by the kernel: it is not asked of the card.
  const revision = ((await optionalTextAsync(join(folder, 'revision'))) ?? '').replace(/^0x/, '');
  for (const path of AMD_NAMES) {
    const name = amdName((await optionalTextAsync(join(root, path))) ?? '', device, revision);
    if (name !== null) return name;
  }
  return plain;
}

async function cardAt(root: string, folder: string, card: string | null): Promise<FoundCard | null> {
  const address = basename(folder);
  const facts = await factsIn(folder);
  const driver = facts.get('DRIVER') ?? '';
  if (!ADDRESS.test(address) || !Object.hasOwn(LABELS, driver)) return null;
  const device = (facts.get('PCI_ID') ?? '').split(':')[1]?.toLowerCase() ?? '';
  const parts = relative((await realFolder(root)) ?? root, folder).replace(/^sys\/(?:devices\/)?/, '').split('/');
  const place = placeOf(parts, await busFacts(folder, parts));
  return { address, id: place?.id ?? address, folder, card, driver, device, label: await labelOf(root, driver, device, folder) };
}

/** The entries that cards are listed from: as long as they stay the same, so do the cards. */
export async function cardEntries(root: string): Promise<readonly string[]> {
  const displays = (await namesIn(join(root, '/sys/class/drm'))).filter((name) => /^card\d+$/.test(name));
  const nvidia = (await namesIn(join(root, NVIDIA))).map((name) => name.toLowerCase()).filter((name) => ADDRESS.test(name));
  return [...displays.map((name) => `/sys/class/drm/${name}`), ...nvidia.map((name) => `/sys/bus/pci/devices/${name}`)].sort();
}

/** The cards of these entries, in the order of their addresses. */
export async function cardsOf(root: string, entries: readonly string[]): Promise<readonly FoundCard[]> {
  const cards = new Map<string, FoundCard>();
  for (const entry of entries) {
    const display = entry.startsWith('/sys/class/drm/') ? basename(entry) : null;
    const folder = await realFolder(join(root, entry, display === null ? '' : 'device'));
    const found = folder === null ? null : await cardAt(root, folder, display);
    // A card of NVIDIA may be found both ways.
    if (found !== null && (cards.get(found.address)?.card ?? null) === null) cards.set(found.address, found);
  }
  return [...cards.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}
