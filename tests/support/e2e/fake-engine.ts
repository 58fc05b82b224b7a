/** An engine that is made up: Docker's API over a socket of the test, with many containers in several projects. Nothing runs in them. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';

/** A container as a test describes it. */
export interface FakeContainer {
  readonly name: string;
  readonly project: string | null;
  readonly service: string | null;
  readonly image: string;
  state: 'running' | 'exited' | 'paused';
  readonly health: 'healthy' | 'unhealthy' | null;
  readonly exitCode: number;
  /** Percent of one core. */
  readonly cpu: number;
  /** Bytes; no limit: that of the machine. */
  readonly memory: number;
  readonly limit: number | null;
  /** When it began, epoch ms; without it, some hours ago. Two of one name that began at different times are two containers. */
  readonly began?: number;
}

const PROJECTS = ['shop', 'media', 'monitoring', 'home-assistant', 'ci', 'mail', 'wiki', 'staging-environment-with-a-long-name'] as const;
const SERVICES = ['web', 'db', 'cache', 'worker', 'proxy', 'queue', 'search'] as const;
const IMAGES = ['nginx:1.27', 'postgres:16.4-alpine', 'redis:7', 'ghcr.io/example-organisation/some-worker:2026.11.3'] as const;
const MIB = 2 ** 20;

function fakeOf(name: string, at: number, project: string | null, service: string | null): FakeContainer {
  const state = at % 11 === 5 ? 'exited' : at % 29 === 13 ? 'paused' : 'running';
  const health = state !== 'running' || at % 2 === 0 ? null : at % 17 === 3 ? 'unhealthy' : 'healthy';
  return { name, project, service, image: IMAGES[at % IMAGES.length] ?? IMAGES[0], state, health, exitCode: at % 2 === 0 ? 0 : 137, cpu: at % 7 === 0 ? 120 : at % 3, memory: (20 + ((at * 37) % 400)) * MIB, limit: at % 3 === 0 ? null : 512 * MIB };
}

/** Sixty containers: eight projects of seven, and four without one. */
export function sixtyContainers(): FakeContainer[] {
  const inProjects = PROJECTS.flatMap((project, p) => SERVICES.map((service, s) => fakeOf(`${project}-${service}-1`, p * SERVICES.length + s, project, service)));
  return [...inProjects, ...['portainer', 'registry', 'old-backup', 'a-container-with-a-really-quite-long-name-that-somebody-gave'].map((name, at) => fakeOf(name, 60 + at, null, null))];
}

/** So many containers that all run, seven to a project. */
export function runningContainers(count: number): FakeContainer[] {
  return Array.from({ length: count }, (_, at) => {
    const [project, service] = [`project-${Math.floor(at / SERVICES.length) + 1}`, SERVICES[at % SERVICES.length] ?? SERVICES[0]];
    return { ...fakeOf(`${project}-${service}-1`, at, project, service), state: 'running' };
  });
}

/** A container without a project that begins now. */
export function newContainer(name: string, at: number): FakeContainer {
  return { ...fakeOf(name, at, null, null), state: 'running', began: Date.now() };
}

/** An id as engines make them, the same for each container. */
function idOf({ name, began }: FakeContainer): string {
  return createHash('sha256').update(`${name} ${began ?? ''}`).digest('hex');
}

const BEGAN = Date.now();
const startedAt = ({ name, began }: FakeContainer): number => began ?? BEGAN - (name.length * 7919 + 60) * 1000;

/** What the list of all containers says of one. */
function listed(one: FakeContainer): unknown {
  const labels = one.project === null ? {} : { 'com.docker.compose.project': one.project, 'com.docker.compose.service': one.service };
  const health = one.health === null ? '' : ` (${one.health})`;
  return { Id: idOf(one), Names: [`/${one.name}`], Image: one.image, State: one.state, Status: one.state === 'running' ? `Up 3 hours${health}` : `Exited (${one.exitCode}) 2 hours ago`, Created: Math.floor(startedAt(one) / 1000) - 3600, Labels: labels, Ports: [{ PrivatePort: 8080, PublicPort: 18_080, Type: 'tcp', IP: '127.0.0.1' }, { PrivatePort: 9000, Type: 'tcp' }] };
}

/** What is said of one alone. One that comes and goes has no restart policy: it would make its name a lasting one. Its process is told as 0, so that nobody reads the numbers of another. */
function inspected(one: FakeContainer): unknown {
  const log = [{ Start: new Date(BEGAN - 30_000).toISOString(), End: new Date(BEGAN - 29_000).toISOString(), ExitCode: one.health === 'unhealthy' ? 1 : 0, Output: one.health === 'unhealthy' ? 'could not connect to server: connection refused\n' : 'accepting connections\n' }];
  return {
    Id: idOf(one),
    Name: `/${one.name}`,
    Created: new Date(startedAt(one) - 3_600_000).toISOString(),
    RestartCount: 0,
    State: { Status: one.state, Pid: 0, ExitCode: one.state === 'running' ? 0 : one.exitCode, StartedAt: new Date(startedAt(one)).toISOString(), FinishedAt: one.state === 'exited' ? new Date(BEGAN - 60_000).toISOString() : '0001-01-01T00:00:00Z', OOMKilled: false, Error: '', ...(one.health === null ? {} : { Health: { Status: one.health, FailingStreak: one.health === 'unhealthy' ? 3 : 0, Log: log } }) },
    HostConfig: { RestartPolicy: { Name: one.began === undefined ? 'unless-stopped' : 'no' }, NetworkMode: 'bridge' },
    Config: { Image: one.image, Entrypoint: ['serve'], Cmd: ['--port', '8080'], Env: ['SECRET_TOKEN=do-not-show', 'PATH=/bin'] },
    Mounts: [{ Type: 'bind', Source: '/srv/data', Destination: '/data', RW: false }],
    NetworkSettings: { Networks: { [`${one.project ?? 'bridge'}_default`]: { IPAddress: '172.18.0.3' } } },
  };
}

/** Counters that grow with time, by what it is said to use. */
function statistics(one: FakeContainer, now: number): unknown {
  const seconds = (now - BEGAN) / 1000 + 1000;
  return {
    read: new Date(now).toISOString(),
    cpu_stats: { cpu_usage: { total_usage: Math.round(seconds * one.cpu * 1e7) }, online_cpus: 4, throttling_data: { throttled_time: 0 } },
    memory_stats: { usage: one.memory, limit: one.limit ?? 64 * 1024 * MIB, stats: { inactive_file: 0 } },
    networks: { eth0: { rx_bytes: Math.round(seconds * 2000), tx_bytes: Math.round(seconds * 900) } },
    blkio_stats: { io_service_bytes_recursive: [{ major: 8, minor: 0, op: 'read', value: 0 }, { major: 8, minor: 0, op: 'write', value: Math.round(seconds * 4000) }] },
    pids_stats: { current: 7 },
  };
}

/** A made-up engine that answers. */
export interface FakeEngine {
  /** A container more, which runs. */
  add(one: FakeContainer): void;
  /** One ends, and is removed as with `--rm`. */
  remove(one: FakeContainer): void;
  /** How often statistics were asked for. */
  statisticsAsked(): number;
  stop(): Promise<void>;
}

/** Starts it at a socket. */
export async function startFakeEngine(socket: string, initially: readonly FakeContainer[]): Promise<FakeEngine> {
  const containers = [...initially];
  let statisticsAsked = 0;
  const streams = new Set<http.ServerResponse>();
  const tell = (one: FakeContainer, action: string): void => {
    const time = Date.now();
    const line = JSON.stringify({ Type: 'container', Action: action, Actor: { ID: idOf(one), Attributes: { name: one.name, image: one.image, exitCode: '137' } }, time: Math.floor(time / 1000), timeNano: time * 1e6 });
    for (const stream of streams) stream.write(`${line}\n`);
  };
  const answer = (method: string, path: string): unknown => {
    const [, id = '', what = ''] = /^\/containers\/([0-9a-f]{64})\/(\w+)/.exec(path) ?? [];
    const one = containers.find((each) => idOf(each) === id);
    if (one !== undefined && what === 'json') return inspected(one);
    if (one !== undefined && what === 'stats') {
      statisticsAsked += 1;
      return statistics(one, Date.now());
    }
    if (one !== undefined && method === 'POST' && what === 'stop') {
      one.state = 'exited';
      for (const action of ['kill', 'die', 'stop']) tell(one, action);
      return null;
    }
    const answers: Readonly<Record<string, unknown>> = { '/_ping': 'OK', '/version': { Version: '29.1.3', ApiVersion: '1.52', Components: [{ Name: 'Engine' }] }, '/info': { ID: 'made-up', Name: 'made-up', DockerRootDir: '/var/lib/docker' }, '/containers/json': containers.map(listed), '/system/df': {}, '/images/json': [] };
    return answers[path];
  };
  const server = http.createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://engine').pathname.replace(/^\/v1\.\d+/, '');
    if (path === '/events') {
      streams.add(response);
      response.on('close', () => streams.delete(response));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      return;
    }
    const value = answer(request.method ?? '', path);
    response.writeHead(value === undefined ? 404 : value === null ? 204 : 200, { 'content-type': 'application/json', 'api-version': '1.52' });
    response.end(value === undefined ? '{"message":"not there"}' : value === null ? '' : JSON.stringify(value));
  });
  fs.rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  return {
    add: (one) => {
      containers.push(one);
      for (const action of ['create', 'start']) tell(one, action);
    },
    remove: (one) => {
      containers.splice(containers.indexOf(one), 1);
      for (const action of ['die', 'destroy']) tell(one, action);
    },
    statisticsAsked: () => statisticsAsked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
