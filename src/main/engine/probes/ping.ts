/**
 * Probes a machine with the system's own `ping`: an ICMP socket needs rights that Traywatch does not ask for, and that program has
 * them. It gets an address that was looked up and checked before, never a name.
 */
import { existsSync } from 'node:fs';
import type { LookupAddress } from 'node:dns';
import { messageOf } from '../../../shared/result';
import type { Platform } from '../collectors/deps';
import { ProgramError } from '../programs/programs';
import { checkedAddresses } from './addresses';
import { parsePing } from './ping-answer';
import { ProbeError, probed } from './prober';
import type { Found, ProbeParts, Prober, Trace } from './prober';

/** Where a system has it: full paths, as PATH may have folders of others. The last of Linux are NixOS's. */
function placesOf(platform: Platform, family: number): readonly string[] {
  if (platform === 'darwin') return [family === 6 ? '/sbin/ping6' : '/sbin/ping'];
  if (platform === 'win32') return [`${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\PING.EXE`];
  return ['/usr/bin/ping', '/bin/ping', '/usr/sbin/ping', '/sbin/ping', '/run/wrappers/bin/ping', '/run/current-system/sw/bin/ping'];
}

const MISSING: Readonly<Record<Platform, string>> = {
  linux: 'the program ping is not installed. Install it (package iputils-ping or iputils), or probe a TCP port instead',
  darwin: 'the program ping is not there. Probe a TCP port instead',
  win32: 'the program ping is not there. Probe a TCP port instead',
};
const DENIED = 'this user may not send pings on this machine. Probe a TCP port instead, or let its administrator set net.ipv4.ping_group_range';

/** One echo request, numbers only, with a bound of its own; `seconds` is a whole number. Pure. */
export function pingArguments(platform: Platform, { address, family }: LookupAddress, seconds: number): readonly string[] {
  if (platform === 'win32') return ['-n', '1', '-w', String(seconds * 1000), address];
  if (platform === 'linux') return ['-n', '-c', '1', '-W', String(seconds), '--', address];
  // Apple's ping6 has no option for how long it waits: it is ended.
  return family === 6 ? ['-n', '-c', '1', '--', address] : ['-n', '-c', '1', '-W', String(seconds * 1000), '--', address];
}

function programOf(platform: Platform, family: number, exists: (path: string) => boolean): string {
  const found = placesOf(platform, family).find((place) => exists(place));
  if (found === undefined) throw new ProbeError('programMissing', MISSING[platform]);
  return found;
}

/** What the program said when it did not even ask. */
function faultOf(error: unknown, address: string): ProbeError {
  const text = messageOf(error);
  if (error instanceof ProgramError && error.kind === 'Timeout') return new ProbeError('timeout', `no reply from ${address}`);
  if (/network is unreachable|no route to host|cannot assign/i.test(text)) return new ProbeError('noRoute', `this machine has no route to ${address}`);
  if (/not permitted|permission denied|lacking privilege|are you root/i.test(text)) return new ProbeError('notPermitted', DENIED);
  if (error instanceof ProgramError && /is not there/.test(text)) return new ProbeError('programMissing', text);
  return new ProbeError('other', text);
}

async function ask(target: LookupAddress, parts: ProbeParts, trace: Trace, exists: (path: string) => boolean): Promise<Found> {
  const { address, family } = target;
  const { platform, programs, timeout } = parts;
  const program = programOf(platform, family, exists);
  trace.doing = `waiting for a reply from ${address}`;
  const text = await programs.read(program, pingArguments(platform, target, Math.max(1, Math.floor(timeout / 1000))), timeout, { anyCode: true }).catch((error: unknown) => {
    throw faultOf(error, address);
  });
  trace.details.push(...text.split(/\r?\n/).filter((line) => line.trim() !== ''));
  const answer = parsePing(platform, text, address);
  if (answer.kind === 'silent') throw new ProbeError('timeout', `no reply from ${address}`);
  if (answer.kind === 'unreachable') throw new ProbeError('unreachable', `${address} cannot be reached: ${answer.line}`);
  return { text: `reply from ${address}`, latency: answer.ms };
}

/** The first address of each family: of several machines behind a name any may answer. */
const firstOfEach = (addresses: readonly LookupAddress[]): readonly LookupAddress[] => addresses.filter(({ family }, at) => addresses.findIndex((other) => other.family === family) === at);

/** Creates the prober. Its latency is the round trip that ping tells. `exists` looks for a file. */
export function createPinger(exists: (path: string) => boolean = existsSync): Prober<'ping'> {
  return (service, parts) =>
    probed(parts, async (trace) => {
      const [first, second] = firstOfEach(await checkedAddresses(service, parts.lookup, trace));
      if (first === undefined) throw new ProbeError('nameNotFound', `there is no address for ${service.host}`);
      try {
        return await ask(first, parts, trace, exists);
      } catch (error) {
        // A machine without a way to one family may have one to the other.
        if (second === undefined || !(error instanceof ProbeError) || error.fault !== 'noRoute') throw error;
        return ask(second, parts, trace, exists);
      }
    });
}
