/** Pings: what each system's program prints is understood, what it is called with, and the real one where it is installed. */
import { existsSync } from 'node:fs';
import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/main/engine/clock';
import type { Platform } from '../../../../src/main/engine/collectors/deps';
import { createPinger, pingArguments } from '../../../../src/main/engine/probes/ping';
import { parsePing, parseUnixPing, parseWindowsPing } from '../../../../src/main/engine/probes/ping-answer';
import { execProgram } from '../../../../src/main/engine/programs/exec-program';
import type { Exec, ExecResult } from '../../../../src/main/engine/programs/exec-program';
import { createPrograms } from '../../../../src/main/engine/programs/programs';
import { startProgram } from '../../../../src/main/engine/programs/start-program';
import type { ProbeResult } from '../../../../src/shared/services/service-schemas';
import { namesOnly, pingService, probeParts } from '../../../support/probing';

const LINUX = `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.031 ms

--- 127.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.031/0.031/0.031/0.000 ms
`;
const LINUX_SILENT = `PING 10.9.9.9 (10.9.9.9) 56(84) bytes of data.

--- 10.9.9.9 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time 0ms
`;
const LINUX_UNREACHABLE = `PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.
From 10.0.0.2 icmp_seq=1 Destination Host Unreachable

--- 10.0.0.9 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms
`;
const BUSYBOX = `PING ::1 (::1): 56 data bytes
64 bytes from ::1: seq=0 ttl=64 time=0.120 ms

--- ::1 ping statistics ---
1 packets transmitted, 1 packets received, 0% packet loss
round-trip min/avg/max = 0.120/0.120/0.120 ms
`;
const BUSYBOX_SILENT = `PING 10.9.9.9 (10.9.9.9): 56 data bytes

--- 10.9.9.9 ping statistics ---
1 packets transmitted, 0 packets received, 100% packet loss
`;
const MAC = `PING 1.1.1.1 (1.1.1.1): 56 data bytes
64 bytes from 1.1.1.1: icmp_seq=0 ttl=57 time=11.482 ms

--- 1.1.1.1 ping statistics ---
1 packets transmitted, 1 packets received, 0.0% packet loss
round-trip min/avg/max/stddev = 11.482/11.482/11.482/0.000 ms
`;
const MAC_V6 = `PING6(56=40+8+8 bytes) ::1 --> ::1
16 bytes from ::1, icmp_seq=0 hlim=64 time=0.071 ms

--- ::1 ping6 statistics ---
1 packets transmitted, 1 packets received, 0.0% packet loss
round-trip min/avg/max/std-dev = 0.071/0.071/0.071/0.000 ms
`;

const windows = (reply: string, statistics: string): string => `\r\n${reply}\r\n\r\n${statistics}\r\n`;
const STATISTICS = 'Ping statistics for 192.168.1.1:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\nApproximate round trip times in milli-seconds:\r\n    Minimum = 3ms, Maximum = 3ms, Average = 3ms';

describe('what ping prints', () => {
  it.each<[string, string, number]>([['iputils', LINUX, 0.031], ['BusyBox', BUSYBOX, 0.12], ['macOS', MAC, 11.482], ['macOS over IPv6', MAC_V6, 0.071]])('by %s is understood', (_who, text, ms) => {
    expect(parseUnixPing(text)).toEqual({ kind: 'reply', ms });
  });

  it('without a reply', () => {
    expect(parseUnixPing(LINUX_SILENT)).toEqual({ kind: 'silent' });
    expect(parseUnixPing(BUSYBOX_SILENT)).toEqual({ kind: 'silent' });
    expect(parseUnixPing(LINUX_UNREACHABLE)).toEqual({ kind: 'unreachable', line: 'From 10.0.0.2 icmp_seq=1 Destination Host Unreachable' });
  });

  it.each<[string, string, string, number]>([
    ['English', 'Reply from 192.168.1.1: bytes=32 time=3ms TTL=64', '192.168.1.1', 3],
    ['English, quick', 'Reply from 192.168.1.1: bytes=32 time<1ms TTL=128', '192.168.1.1', 1],
    ['English, IPv6', 'Reply from fe80::1%12: time=4ms', 'fe80::1%12', 4],
    ['German', 'Antwort von 192.168.1.1: Bytes=32 Zeit=17ms TTL=64', '192.168.1.1', 17],
    ['French', 'R\uFFFDponse de 192.168.1.1\uFFFD: octets=32 temps=12 ms TTL=117', '192.168.1.1', 12],
    ['Spanish', 'Respuesta desde 192.168.1.1: bytes=32 tiempo=9ms TTL=64', '192.168.1.1', 9],
    ['Russian, its letters lost', '\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD \uFFFD\uFFFD 192.168.1.1: \uFFFD\uFFFD\uFFFD\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD\uFFFD=32 \uFFFD\uFFFD\uFFFD\uFFFD\uFFFD=25\uFFFD\uFFFD TTL=57', '192.168.1.1', 25],
    ['Russian, IPv6', 'Ответ от ::1: время<1мс', '::1', 1],
    ['Chinese', '来自 192.168.1.1 的回复: 字节=32 时间=5ms TTL=64', '192.168.1.1', 5],
  ])('by Windows in %s is understood', (_language, reply, address, ms) => {
    expect(parseWindowsPing(windows(reply, STATISTICS), address)).toEqual({ kind: 'reply', ms });
  });

  it('by Windows without a reply: what counts as received there is none', () => {
    const unreachable = 'Reply from 192.168.1.20: Destination host unreachable.';
    expect(parseWindowsPing(windows(unreachable, STATISTICS.split('\r\nApprox')[0] ?? ''), '192.168.1.1')).toEqual({ kind: 'unreachable', line: unreachable });
    expect(parseWindowsPing(windows('Request timed out.', 'Ping statistics for 192.168.1.1:\r\n    Packets: Sent = 1, Received = 0, Lost = 1 (100% loss),'), '192.168.1.1')).toEqual({ kind: 'silent' });
    expect(parseWindowsPing('Pinging 192.168.1.1 with 32 bytes of data:\r\n', '192.168.1.1')).toEqual({ kind: 'silent' });
  });

  it('has a time where it says one, whatever stands around it', () => {
    const piece = constantFrom('time=', 'time<', '12', '3.5', ' ms', 'ms', 'мс', '10.0.0.1', ': ', '.', '\n', ' TTL=64', '=', '<', 'unreachable', 'Reply from ');
    assert(
      property(constantFrom<Platform>('linux', 'darwin', 'win32'), array(piece, { maxLength: 40 }), (platform, pieces) => {
        const text = pieces.join('');
        const answer = parsePing(platform, text, '10.0.0.1');
        if (answer.kind === 'reply') expect(text).toMatch(new RegExp(`[=<]\\s*${String(answer.ms).replace('.', '[.,]')}`));
        else if (platform !== 'win32') expect(text).not.toMatch(/(^|[\s:.])time[=<]\s*\d+\s*ms/);
      }),
    );
  });
});

describe('the program', () => {
  it('gets an address behind everything else, and bounds', () => {
    expect(pingArguments('linux', { address: '10.0.0.1', family: 4 }, 3)).toEqual(['-n', '-c', '1', '-W', '3', '--', '10.0.0.1']);
    expect(pingArguments('darwin', { address: '10.0.0.1', family: 4 }, 3)).toEqual(['-n', '-c', '1', '-W', '3000', '--', '10.0.0.1']);
    expect(pingArguments('darwin', { address: '::1', family: 6 }, 3)).toEqual(['-n', '-c', '1', '--', '::1']);
    expect(pingArguments('win32', { address: '::1', family: 6 }, 3)).toEqual(['-n', '1', '-w', '3000', '::1']);
  });

  const answering = (result: Partial<ExecResult>, calls: string[][] = []): Exec => (program, args) => {
    calls.push([program, ...args]);
    return Promise.resolve({ code: 0, stdout: '', stderr: '', isMissing: false, ...result });
  };
  const ping = (exec: Exec, host: string, names: Readonly<Record<string, readonly string[]>> = {}, exists = (path: string): boolean => path === '/bin/ping'): Promise<ProbeResult> =>
    createPinger(exists)(pingService(host), probeParts({ programs: createPrograms(exec, startProgram, () => 0), lookup: namesOnly(names) }));

  it('is asked with the address that was checked, by its full path', async () => {
    const calls: string[][] = [];
    const result = await ping(answering({ stdout: LINUX }, calls), 'box.test', { 'box.test': ['169.254.169.254', '127.0.0.1'] });
    expect(result).toMatchObject({ ok: true, latency: 0.031, text: 'reply from 127.0.0.1', connect: null });
    expect(calls).toEqual([['/bin/ping', '-n', '-c', '1', '-W', '10', '--', '127.0.0.1']]);
    expect(result.details).toContain('64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.031 ms');
  });

  it('is not asked for what may not be asked', async () => {
    const calls: string[][] = [];
    for (const host of ['169.254.169.254', 'meta.test']) expect(await ping(answering({}, calls), host, { 'meta.test': ['fe80::1'] })).toMatchObject({ fault: 'addressRefused' });
    expect(() => pingService('-f')).toThrow('must be a host name or an address');
    expect(calls).toEqual([]);
  });

  it('that is missing, may not be used or has no way says so', async () => {
    expect(await ping(answering({}), '10.0.0.1', {}, () => false)).toMatchObject({ fault: 'programMissing', text: 'the program ping is not installed. Install it (package iputils-ping or iputils), or probe a TCP port instead' });
    expect(await ping(answering({ code: 2, stderr: 'ping: socket: Operation not permitted\n' }), '10.0.0.1')).toMatchObject({ fault: 'notPermitted' });
    expect(await ping(answering({ code: 2, stderr: 'ping: connect: Network is unreachable\n' }), '10.0.0.1')).toMatchObject({ fault: 'noRoute', text: 'this machine has no route to 10.0.0.1' });
    expect(await ping(answering({ code: null }), '10.0.0.1')).toMatchObject({ fault: 'timeout', text: 'no reply from 10.0.0.1' });
    expect(await ping(answering({ code: 1, stdout: LINUX_SILENT }), '10.9.9.9')).toMatchObject({ fault: 'timeout', latency: null });
    expect(await ping(answering({ code: 1, stdout: LINUX_UNREACHABLE }), '10.0.0.9')).toMatchObject({ fault: 'unreachable' });
  });

  it('is asked over the other family where there is no way over the first', async () => {
    const exec: Exec = (program, args) => (args.at(-1) === '::5' ? answering({ code: 2, stderr: 'ping: connect: Network is unreachable' })(program, args, 0) : answering({ stdout: LINUX })(program, args, 0));
    expect(await ping(exec, 'two.test', { 'two.test': ['::5', '::6', '127.0.0.1'] })).toMatchObject({ ok: true, text: 'reply from 127.0.0.1' });
  });
});

const hasPing = ['/usr/bin/ping', '/bin/ping', '/sbin/ping'].some((path) => existsSync(path));
if (!hasPing) process.stdout.write('skipped: ping is not installed (Debian: iputils-ping), so it is not asked for real\n');

describe('the real program', () => {
  it.skipIf(!hasPing)('answers for this machine, over IPv4 and IPv6', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const programs = createPrograms(execProgram, startProgram, () => systemClock.mono());
      const result = await createPinger()(pingService(host), probeParts({ programs, platform: process.platform === 'darwin' ? 'darwin' : 'linux' }));
      expect(result).toMatchObject({ ok: true, fault: null, text: `reply from ${host}` });
      expect(result.latency).toBeGreaterThan(0);
    }
  });
});
