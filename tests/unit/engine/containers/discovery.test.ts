/** Where engines are looked for on each system, in which order, and what is said of addresses that cannot be asked. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lookForEngines } from '../../../../src/main/engine/containers/discovery';
import type { LookParts } from '../../../../src/main/engine/containers/discovery';

/** A machine with sockets (by path, where it really is), small files and pipes. */
function machine(platform: LookParts['platform'], { sockets = {}, texts = {}, env = {}, pipes = [] }: { sockets?: Readonly<Record<string, string>>; texts?: Readonly<Record<string, string>>; env?: LookParts['env']; pipes?: readonly string[] }): LookParts {
  return {
    platform,
    env,
    home: '/home/ada',
    uid: platform === 'win32' ? null : 1000,
    files: { socket: (path) => Promise.resolve(sockets[path] ?? null), text: (path) => Promise.resolve(texts[path] ?? null), names: () => Promise.resolve(pipes) },
  };
}
const here = (...paths: string[]): Readonly<Record<string, string>> => Object.fromEntries(paths.map((path) => [path, path]));
const found = async (parts: LookParts, settings: readonly string[] = []): Promise<readonly string[]> => (await lookForEngines(parts, settings)).map(({ id, label, address }) => `${id}: ${label} at ${address}`);

describe('a look for engines', () => {
  it('finds nothing where nothing is', async () => {
    expect(await found(machine('linux', {}))).toEqual([]);
    expect(await found(machine('darwin', {}))).toEqual([]);
    expect(await found(machine('win32', {}))).toEqual([]);
  });

  it('finds several engines of Linux at once, rootless ones by the runtime folder', async () => {
    const sockets = here('/var/run/docker.sock', '/run/podman/podman.sock', '/run/user/1000/docker.sock', '/run/user/1000/podman/podman.sock');
    expect(await found(machine('linux', { sockets }))).toEqual([
      'docker: Docker at /var/run/docker.sock',
      'podman: Podman at /run/podman/podman.sock',
      'docker-rootless: Docker (rootless) at /run/user/1000/docker.sock',
      'podman-rootless: Podman (rootless) at /run/user/1000/podman/podman.sock',
    ]);
    expect(await found(machine('linux', { sockets: here('/tmp/run/docker.sock'), env: { XDG_RUNTIME_DIR: '/tmp/run' } }))).toEqual(['docker-rootless: Docker (rootless) at /tmp/run/docker.sock']);
  });

  it('knows the places of macOS and the pipes of Windows', async () => {
    const sockets = here('/home/ada/.docker/run/docker.sock', '/home/ada/.colima/default/docker.sock', '/home/ada/.orbstack/run/docker.sock', '/home/ada/.rd/docker.sock', '/home/ada/.local/share/containers/podman/machine/podman.sock');
    expect((await lookForEngines(machine('darwin', { sockets }), [])).map(({ label, isHere }) => [label, isHere])).toEqual([['Docker Desktop', false], ['Colima', false], ['OrbStack', false], ['Rancher Desktop', false], ['Podman', false]]);
    expect(await found(machine('win32', { pipes: ['docker_engine', 'podman-machine-default', 'other'] }))).toEqual(['docker: Docker at //./pipe/docker_engine', 'podman: Podman at //./pipe/podman-machine-default']);
  });

  it('takes a link and its target for one', async () => {
    const real = '/home/ada/.docker/run/docker.sock';
    expect(await found(machine('darwin', { sockets: { '/var/run/docker.sock': real, [real]: real } }))).toEqual(['docker: Docker at /var/run/docker.sock']);
  });

  it('asks what DOCKER_HOST names first, and with an empty one only what the settings name', async () => {
    const sockets = here('/var/run/docker.sock', '/srv/docker.sock');
    expect(await found(machine('linux', { sockets, env: { DOCKER_HOST: 'unix:///srv/docker.sock' } }))).toEqual(['docker-0e201d1d: Docker at /srv/docker.sock', 'docker: Docker at /var/run/docker.sock']);
    expect(await found(machine('linux', { sockets, env: { DOCKER_HOST: '' } }))).toEqual([]);
    expect(await found(machine('linux', { sockets, env: { DOCKER_HOST: '' } }), ['unix:///srv/docker.sock'])).toEqual(['docker-0e201d1d: Docker at /srv/docker.sock']);
  });

  it("asks what Docker's context names", async () => {
    const name = 'work';
    const texts = {
      '/home/ada/.docker/config.json': JSON.stringify({ currentContext: name }),
      [`/home/ada/.docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`]: JSON.stringify({ Endpoints: { docker: { Host: 'unix:///srv/work.sock' } } }),
    };
    expect((await lookForEngines(machine('linux', { texts }), [])).map(({ address, namedBy }) => [address, namedBy])).toEqual([['/srv/work.sock', 'context']]);
    expect(await found(machine('linux', { texts: { '/home/ada/.docker/config.json': '{ broken' } }))).toEqual([]);
    expect(await found(machine('linux', { texts, env: { DOCKER_CONTEXT: 'default' } }))).toEqual([]);
  });

  it('says what an address that is named is called, where its place is known', async () => {
    const sockets = here('/run/user/1000/podman/podman.sock');
    expect(await lookForEngines(machine('linux', { sockets }), ['unix:///run/user/1000/podman/podman.sock'])).toMatchObject([{ id: 'podman-rootless', label: 'Podman (rootless)', namedBy: 'settings' }]);
  });

  it.each([
    ['ssh://ada@server', 'Traywatch does not reach engines over SSH. Run Traywatch on that machine, or forward its socket and enter the path.'],
    ['https://server:2376', 'Traywatch does not reach engines over TLS. Enter a socket, or a plain tcp:// address.'],
    ['fd://', 'Traywatch does not know addresses that begin with fd://. Enter a socket, a pipe or a tcp:// address.'],
    ['docker.sock', '"docker.sock" is no path of a socket.'],
  ])('says why %s cannot be asked', async (address, reason) => {
    expect(await lookForEngines(machine('linux', { env: { DOCKER_HOST: address } }), [])).toMatchObject([{ endpoint: null, reason }]);
  });

  it('does not take an engine elsewhere for one of this machine', async () => {
    const isHere = async (address: string): Promise<boolean | undefined> => (await lookForEngines(machine('linux', {}), [address]))[0]?.isHere;
    expect(await isHere('unix:///srv/docker.sock')).toBe(true);
    expect(await isHere('tcp://10.0.0.2:2375')).toBe(false);
    expect(await isHere('unix:///home/ada/.docker/desktop/docker.sock')).toBe(false);
    expect((await lookForEngines(machine('linux', {}), ['tcp://[::1]']))[0]).toMatchObject({ endpoint: { host: '::1', port: 2375 }, address: 'tcp://[::1]:2375' });
  });
});
