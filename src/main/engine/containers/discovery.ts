/**
 * Where container engines may be: what the settings name, DOCKER_HOST, Docker's context, and the sockets and pipes that
 * engines are known by. A look costs a few calls of stat. It is the only part of this room that machines without an engine load.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { EngineStatus } from '../../../shared/containers/container-schemas';
import { codeOf } from '../../../shared/result';
import type { Platform } from '../collectors/deps';
import { objectOf, parseJson, textOf } from './answer';
import { endpointText, parseEndpoint } from './endpoint';
import type { Endpoint } from './endpoint';

/** Reads of the file system that a look needs. None rejects. */
export interface LookFiles {
  /** The path without links, of something that may be a socket; null where nothing is. */
  socket(path: string): Promise<string | null>;
  /** The text of a small file; null where it cannot be read. */
  text(path: string): Promise<string | null>;
  /** Names in a folder; empty where it cannot be read. */
  names(folder: string): Promise<readonly string[]>;
}

/** What decides where to look. */
export interface LookParts {
  readonly platform: Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Null on systems without numeric user ids. */
  readonly uid: number | null;
  readonly files: LookFiles;
}

/** An engine that may be there. */
export interface EngineCandidate {
  /** Stable, and different for each. */
  readonly id: string;
  readonly kind: EngineStatus['kind'];
  readonly label: string;
  /** Null where the address was not understood. */
  readonly endpoint: Endpoint | null;
  readonly address: string;
  /** Who named it: it is then missed where it is not there. */
  readonly namedBy: 'settings' | 'DOCKER_HOST' | 'context' | null;
  /** Why it cannot be asked at all. */
  readonly reason: string | null;
  /** Its containers run on this machine's own kernel, as far as the address tells: process ids and cgroups are those of this machine. */
  readonly isHere: boolean;
}

/** A place where an engine is known to listen. */
interface KnownPlace {
  readonly id: string;
  readonly kind: EngineStatus['kind'];
  readonly label: string;
  readonly path: string;
  /** It runs its containers in a virtual machine. */
  readonly isVirtual?: true;
}

/** The places of macOS, where all engines run in a virtual machine. */
function macPlaces(home: string): readonly KnownPlace[] {
  const at = (path: string): string => posix.join(home, path);
  return [
    { id: 'docker', kind: 'docker', label: 'Docker', path: '/var/run/docker.sock' },
    { id: 'docker-desktop', kind: 'docker', label: 'Docker Desktop', path: at('.docker/run/docker.sock') },
    { id: 'colima', kind: 'docker', label: 'Colima', path: at('.colima/default/docker.sock') },
    { id: 'colima-old', kind: 'docker', label: 'Colima', path: at('.colima/docker.sock') },
    { id: 'orbstack', kind: 'docker', label: 'OrbStack', path: at('.orbstack/run/docker.sock') },
    { id: 'rancher', kind: 'docker', label: 'Rancher Desktop', path: at('.rd/docker.sock') },
    { id: 'podman', kind: 'podman', label: 'Podman', path: at('.local/share/containers/podman/machine/podman.sock') },
  ];
}

function linuxPlaces(home: string, runtime: string | null): readonly KnownPlace[] {
  const own: readonly KnownPlace[] =
    runtime === null
      ? []
      : [
          { id: 'docker-rootless', kind: 'docker', label: 'Docker (rootless)', path: posix.join(runtime, 'docker.sock') },
          { id: 'podman-rootless', kind: 'podman', label: 'Podman (rootless)', path: posix.join(runtime, 'podman/podman.sock') },
        ];
  return [
    { id: 'docker', kind: 'docker', label: 'Docker', path: '/var/run/docker.sock' },
    { id: 'podman', kind: 'podman', label: 'Podman', path: '/run/podman/podman.sock' },
    ...own,
    { id: 'docker-desktop', kind: 'docker', label: 'Docker Desktop', path: posix.join(home, '.docker/desktop/docker.sock'), isVirtual: true },
    { id: 'colima', kind: 'docker', label: 'Colima', path: posix.join(home, '.colima/default/docker.sock'), isVirtual: true },
    { id: 'rancher', kind: 'docker', label: 'Rancher Desktop', path: posix.join(home, '.rd/docker.sock'), isVirtual: true },
  ];
}

const PIPES = '//./pipe/';
const WINDOWS_PLACES: readonly KnownPlace[] = [
  { id: 'docker', kind: 'docker', label: 'Docker', path: `${PIPES}docker_engine` },
  { id: 'podman', kind: 'podman', label: 'Podman', path: `${PIPES}podman-machine-default` },
];

/** The user's folder for sockets. */
function runtimeFolder({ env, uid }: Pick<LookParts, 'env' | 'uid'>): string | null {
  const told = env['XDG_RUNTIME_DIR'] ?? '';
  return told.startsWith('/') ? told : uid === null ? null : `/run/user/${uid}`;
}

/** The places where engines are known to listen, on a platform. Pure. */
function knownPlaces(parts: Pick<LookParts, 'platform' | 'home' | 'env' | 'uid'>): readonly KnownPlace[] {
  if (parts.platform === 'win32') return WINDOWS_PLACES;
  return parts.platform === 'darwin' ? macPlaces(parts.home) : linuxPlaces(parts.home, runtimeFolder(parts));
}

/** Sockets of engines that run in a virtual machine, wherever they are named. */
const VIRTUAL = /\/\.(docker\/(desktop|run)|colima|orbstack|rd|lima)\//;

/** Tells addresses apart without telling them: ids of engines stand in names of series, and reach browsers. */
const shortHash = (address: string): string => createHash('sha256').update(address).digest('hex').slice(0, 8);

/** An engine that somebody named. Pure. */
function namedCandidate(text: string, namedBy: NonNullable<EngineCandidate['namedBy']>, platform: Platform): EngineCandidate {
  const parsed = parseEndpoint(text);
  const endpoint = parsed.ok ? parsed.endpoint : null;
  const address = endpoint === null ? text.slice(0, 300) : endpointText(endpoint);
  const kind = /podman/i.test(address) ? 'podman' : 'docker';
  const isHere = platform === 'linux' && endpoint !== null && 'path' in endpoint && !VIRTUAL.test(endpoint.path);
  return { id: `${kind}-${shortHash(address)}`, kind, label: kind === 'podman' ? 'Podman' : 'Docker', endpoint, address, namedBy, reason: parsed.ok ? null : parsed.reason, isHere };
}

/** The address in Docker's current context; null for the default one, which is the known socket. */
async function contextAddress({ home, files, env }: LookParts): Promise<string | null> {
  const folder = env['DOCKER_CONFIG'] || posix.join(home, '.docker');
  const config = await files.text(posix.join(folder, 'config.json'));
  const name = env['DOCKER_CONTEXT'] || textOf(objectOf(parseJson(config ?? '')).currentContext);
  if (name === null || name === 'default') return null;
  const meta = await files.text(posix.join(folder, 'contexts/meta', createHash('sha256').update(name).digest('hex'), 'meta.json'));
  return textOf(objectOf(objectOf(objectOf(parseJson(meta ?? '')).Endpoints).docker).Host);
}

/** The known places at which something is now. */
async function presentPlaces(parts: LookParts): Promise<readonly EngineCandidate[]> {
  const places = knownPlaces(parts);
  const pipes = parts.platform === 'win32' ? new Set(await parts.files.names(PIPES)) : null;
  const isThere = async ({ path }: KnownPlace): Promise<boolean> => (pipes === null ? (await parts.files.socket(path)) !== null : pipes.has(path.slice(PIPES.length)));
  const found = await Promise.all(places.map(async (place) => ((await isThere(place)) ? [place] : [])));
  return found.flat().map(({ id, kind, label, path, isVirtual }) => ({ id, kind, label, endpoint: { path }, address: path, namedBy: null, reason: null, isHere: parts.platform === 'linux' && isVirtual !== true }));
}

/**
 * Engines that may be there, each address once, what people named first. An empty DOCKER_HOST means that only what the settings
 * name is asked. Never rejects.
 */
export async function lookForEngines(parts: LookParts, settings: readonly string[]): Promise<readonly EngineCandidate[]> {
  const { platform, env, files } = parts;
  const host = env['DOCKER_HOST'];
  const context = host === undefined ? await contextAddress(parts) : null;
  const named = [
    ...settings.map((text) => namedCandidate(text, 'settings', platform)),
    ...(host === undefined || host === '' ? [] : [namedCandidate(host, 'DOCKER_HOST', platform)]),
    ...(context === null ? [] : [namedCandidate(context, 'context', platform)]),
  ];
  const places = host === '' ? [] : await presentPlaces(parts);
  const seen = new Set<string>();
  const once: EngineCandidate[] = [];
  const real = await Promise.all([...named, ...places].map(async (one) => (one.endpoint !== null && 'path' in one.endpoint ? ((await files.socket(one.endpoint.path)) ?? one.address) : one.address)));
  [...named, ...places].forEach((one, at) => {
    const path = real[at] ?? one.address;
    // A known place says better what it is than an address that somebody wrote.
    const known = one.namedBy === null ? undefined : places.find((_, index) => real[named.length + index] === path);
    if (seen.has(path)) return;
    seen.add(path);
    once.push(known === undefined ? one : { ...known, namedBy: one.namedBy });
  });
  return once;
}

/** The real file system. Errors mean that nothing is there: what may not even be looked at is not ours. */
export const lookFiles: LookFiles = {
  async socket(path) {
    try {
      return (await stat(path)).isSocket() ? await realpath(path) : null;
    } catch (error) {
      return absentFor(error, null);
    }
  },
  async text(path) {
    try {
      const { size } = await stat(path);
      return size > 1_000_000 ? null : await readFile(path, 'utf8');
    } catch (error) {
      return absentFor(error, null);
    }
  },
  async names(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      return absentFor(error, []);
    }
  },
};

/** In place of what an error of the file system stands for; any other error is thrown. */
function absentFor<T>(error: unknown, value: T): T {
  if (codeOf(error) === null) throw error;
  return value;
}
