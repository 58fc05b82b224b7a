/** Interfaces named as what every object has, on a machine of their own: a network that only a child process is in. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { createInterfaceReader } from '../../../src/main/engine/network-interfaces';

/** What the process of tests/support/named-interfaces.ts prints. */
interface Outcome {
  readonly fails: boolean;
  readonly inherited: readonly string[];
  readonly found: { readonly accounts: number; readonly problem: string | null; readonly files: readonly string[] };
  readonly addresses: number;
  readonly devices: readonly string[];
  readonly status: readonly number[];
}

/** Makes one end of a pair with that name and an address, then runs the rest of the arguments. */
const SETUP = `set -e
ip link set lo up
ip link add "$1" type veth peer name other
ip addr add 10.9.9.1/24 dev "$1"
ip link set "$1" up
ip link set other up
ping -c 1 -W 1 10.9.9.1 >/dev/null 2>&1 || true
shift
exec "$@"`;

describe('an interface named as what every object has', () => {
  // In node_modules, so that the bundled program finds its packages.
  const cache = resolve('node_modules/.cache');
  let folder = '';

  beforeAll(async () => {
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'named-interfaces-'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: resolve('tests/support/named-interfaces.ts'), outDir: folder, rollupOptions: { output: { entryFileNames: 'program.mjs' } } },
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(context: TestContext, name: string, mode: 'protected' | 'bare'): Outcome {
    const program = [process.execPath, join(folder, 'program.mjs'), mkdtempSync(join(folder, 'data-')), mode];
    const { status, stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', SETUP, 'sh', name, ...program], { encoding: 'utf8', timeout: 60_000 });
    const isUnable = status === null || /unshare|RTNETLINK|ip: |Operation not permitted|not found/.test(stderr);
    if (status !== 0 && isUnable) context.skip(`no network of its own can be made here: ${stderr.trim() || 'unshare and iproute2 are needed, as root'}`);
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Outcome;
  }

  it.for(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])('changes nothing else, and the server keeps responding: %s', { timeout: 60_000 }, (name, context) => {
    const { fails, inherited, found, addresses, devices, status } = run(context, name, 'protected');
    expect(fails).toBe(true);
    expect(inherited).toEqual([]);
    expect(found).toEqual({ accounts: 1, problem: null, files: ['access.json'] });
    expect(addresses).toBe(0);
    expect(devices).toContain(name);
    expect(status).toEqual([200, 200]);
  });

  it('never loses the access list, even without that protection', { timeout: 60_000 }, (context) => {
    const { inherited, found } = run(context, '__proto__', 'bare');
    expect(inherited).not.toEqual([]);
    expect(found).toMatchObject({ accounts: 0, files: ['access.json'] });
    expect(found.problem).toMatch(/cannot be checked .* was not changed\. All access is denied\. Restart Traywatch\.$/);
  });
});

describe('the reader of interfaces', () => {
  const info = (address: string): NetworkInterfaceInfo => ({ address, netmask: '', family: 'IPv4', mac: '', internal: false, cidr: null });

  it('gives what was known before where the system throws, and no address before that', () => {
    let read: () => NodeJS.Dict<NetworkInterfaceInfo[]> = () => {
      throw new TypeError('Cannot add property 0, object is not extensible');
    };
    const reader = createInterfaceReader(() => read());
    expect(reader()).toEqual([]);
    const failing = read;
    read = () => ({ eth0: [info('192.0.2.7')], gone: undefined });
    expect(reader()).toEqual([['eth0', [info('192.0.2.7')]], ['gone', []]]);
    read = failing;
    expect(reader()).toEqual([['eth0', [info('192.0.2.7')]], ['gone', []]]);
    read = () => ({});
    expect(reader()).toEqual([]);
  });
});
