/**
 * Addresses that a probe refuses unless it was allowed to: link-local ones and those of the metadata services of clouds, which give
 * their machine's keys to whoever asks. A probe may be brought there by a name or by a redirect, so it is the address connected
 * to that is checked, and nothing looks the name up again. Pure, but for the lookup handed in.
 *
 * Sources: RFC 3927, RFC 4291 (2.5.6), RFC 6052; the addresses of AWS, Alibaba Cloud, Google Cloud and Azure as these document
 * them.
 */
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { codeOf, messageOf } from '../../../shared/result';
import type { Lookup } from './lookup';
import { ProbeError } from './prober';
import type { Trace } from './prober';

/** Of IPv4, which has one way to write each; a list of Node's would make objects of both sides for each look. */
const isGuardedIpv4 = (address: string): boolean => address.startsWith('169.254.') || address === '100.100.100.200' || address === '168.63.129.16';

/** Of IPv6. */
function guardedAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet('fe80::', 10, 'ipv6');
  list.addAddress('fd00:ec2::254', 'ipv6');
  list.addAddress('fd20:ce::254', 'ipv6');
  return list;
}

const GUARDED = guardedAddresses();

/** Hexadecimal groups of an IPv6 address without a zone; null for anything else. */
function groupsOf(address: string): readonly number[] | null {
  const [bare = ''] = address.split('%');
  if (isIP(bare) !== 6) return null;
  const short = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const numbers = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [front, back] = [numbers(head), numbers(tail ?? '')];
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

const dotted = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/** The IPv4 addresses that an IPv6 address may stand for: mapped, compatible, NAT64, 6to4. */
function embedded(groups: readonly number[]): readonly string[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const isZero = [a, b, c, d, e].every((group) => group === 0);
  const isTranslated = a === 0x64 && (b === 0xff9b) && (c === 0 || c === 1);
  if ((isZero && (f === 0xffff || f === 0)) || isTranslated) return [dotted(g, h)];
  return a === 0x2002 ? [dotted(b, c)] : [];
}

/** True for an address that is refused unless the service allows it. */
export function isGuarded(address: string): boolean {
  const [bare = ''] = address.split('%');
  if (isIP(bare) === 4) return isGuardedIpv4(bare);
  const groups = groupsOf(address);
  if (groups === null) return false;
  return GUARDED.check(bare, 'ipv6') || embedded(groups).some(isGuardedIpv4);
}

/** True for a host that is this machine itself, however the network is. */
export function isLoopbackHost(host: string): boolean {
  const plain = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (plain === 'localhost' || plain.endsWith('.localhost')) return true;
  // The address of no host reaches this one.
  if (isIP(plain) === 4) return plain.startsWith('127.') || plain === '0.0.0.0';
  const groups = groupsOf(plain);
  if (groups === null) return false;
  return groups.every((group, at) => group === 0 || (at === 7 && group === 1)) || (groups[5] === 0xffff && embedded(groups).some((one) => one.startsWith('127.')));
}

/** Where a probe goes. */
export interface Target {
  readonly host: string;
  readonly allowLinkLocal: boolean;
}

const REFUSED = 'it is a link-local address or the metadata service of a cloud. Allow such addresses for this service if that is meant';

async function asked(host: string, lookup: Lookup, trace: Trace): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const end = trace.begin('dns', `looking up ${host}`);
  try {
    const addresses = await lookup(host);
    end();
    return addresses;
  } catch (error) {
    const isSilent = codeOf(error) === 'EAI_AGAIN';
    throw new ProbeError('nameNotFound', isSilent ? `${host} could not be looked up: the name server does not answer` : `there is no address for ${host} (${codeOf(error) ?? messageOf(error)})`);
  }
}

/**
 * The addresses of a target that may be connected to. Rejects with a ProbeError: nameNotFound; addressRefused where none is left,
 * and for a host that a program would take for an option.
 */
export async function checkedAddresses({ host, allowLinkLocal }: Target, lookup: Lookup, trace: Trace): Promise<readonly LookupAddress[]> {
  if (host.startsWith('-')) throw new ProbeError('addressRefused', `${host} is no name of a host`);
  const found = await asked(host, lookup, trace);
  const allowed = allowLinkLocal ? found : found.filter(({ address }) => !isGuarded(address));
  const list = found.map(({ address }) => (allowLinkLocal || !isGuarded(address) ? address : `${address} (refused)`)).join(', ');
  trace.details.push(isIP(host) === 0 ? `${host} has the address ${list}` : `Address: ${list}`);
  if (found.length === 0) throw new ProbeError('nameNotFound', `there is no address for ${host}`);
  if (allowed.length === 0) throw new ProbeError('addressRefused', `${found[0]?.address ?? host} was not asked: ${REFUSED}`);
  return allowed;
}
