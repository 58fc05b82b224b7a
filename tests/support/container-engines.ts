/** Real container engines as processes of a test, each with folders of its own, and an image that is made on the spot. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './desktop';

/** A real engine. */
export interface RealEngine {
  readonly socket: string;
  /** Its data folder. */
  readonly data: string;
  /** The answer of its API to GET, or to POST where there is a body. Rejects with what it says in an error. */
  ask(path: string, body?: unknown): Promise<unknown>;
  /** Process id of its daemon now. */
  pid(): number;
  /** Runs its command line program; returns what it prints. Throws if it fails. */
  cli(...args: readonly string[]): string;
  /** Removes all containers. */
  removeAll(): void;
  /** Kills the daemon as by `kill -9`, and starts it again. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

const BUSYBOX = '/bin/busybox';

function reasonNotTo(programs: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return 'this test is not run as root';
  const missing = programs.find((name) => spawnSync('which', [name], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } }).status !== 0);
  if (missing !== undefined) return `${missing} is not installed (Debian: docker.io, podman, runc, busybox-static)`;
  return existsSync(BUSYBOX) ? null : `${BUSYBOX} is not there (Debian: busybox-static)`;
}

/** Whether Docker runs containers here, which is tried; prints why not. */
export async function hasDocker(): Promise<boolean> {
  return canRun('Docker', ['dockerd', 'containerd'], startDocker);
}

/** Whether Podman runs containers here, which is tried; prints why not. */
export async function hasPodman(): Promise<boolean> {
  return canRun('Podman', ['podman', 'runc', 'systemd-socket-activate'], () => startPodman(0));
}

/** Not every machine that has an engine lets it run: one may lack rights to mount, or cgroups. */
async function canRun(name: string, programs: readonly string[], start: () => Promise<Pick<RealEngine, 'cli' | 'stop'>>): Promise<boolean> {
  const reason = reasonNotTo(programs) ?? (await failureOf(start));
  if (reason !== null) process.stdout.write(`skipped: no real ${name} is tried, since ${reason}\n`);
  return reason === null;
}

async function failureOf(start: () => Promise<Pick<RealEngine, 'cli' | 'stop'>>): Promise<string | null> {
  try {
    const engine = await start();
    try {
      engine.cli('run', 'local', '/bin/busybox', 'true');
    } finally {
      await engine.stop();
    }
    return null;
  } catch (error) {
    return `it does not run here: ${String(error).slice(0, 300)}`;
  }
}

/** A root file system with a shell, as a tar file. */
function makeImage(folder: string): string {
  const tree = join(folder, 'image');
  mkdirSync(join(tree, 'bin'), { recursive: true });
  copyFileSync(BUSYBOX, join(tree, 'bin/busybox'));
  for (const name of ['sh', 'sleep', 'true', 'dd']) symlinkSync('busybox', join(tree, 'bin', name));
  const path = join(folder, 'image.tar');
  run('tar', ['-C', tree, '-cf', path, '.']);
  return path;
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** Whether somebody listens on a socket. */
async function listens(path: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(undefined));
  });
}

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())));

/** Asks an API over a socket: a program for each question would cost more than what it asks for. */
function askApi(socketPath: string, path: string, body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: body === undefined ? 'GET' : 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .on('end', () => ((response.statusCode ?? 500) < 300 ? resolve(text === '' ? null : JSON.parse(text)) : reject(new Error(text))));
    });
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What a daemon that was killed has left mounted. */
function unmountIn(folder: string): void {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').flatMap((line) => line.split(' ')[4] ?? []);
  for (const path of mounts.filter((one) => one.startsWith(`${folder}/`)).toSorted().toReversed()) run('umount', ['-l', path]);
}

/**
 * Starts Docker; resolves once it answers and has the image `local`. Its storage works everywhere, but has a copy of the image for
 * each container; `usual` is what a Docker of everyday has. Rejects where it does not run, with the last line of its log.
 */
export async function startDocker(storage: 'vfs' | 'usual' = 'vfs'): Promise<RealEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-docker-'));
  const [socket, data] = [join(folder, 'docker.sock'), join(folder, 'data')];
  const args = ['--data-root', data, '--exec-root', join(folder, 'exec'), '-H', `unix://${socket}`, '-p', join(folder, 'pid'), '--bridge=none', '--iptables=false', '--shutdown-timeout=1', ...(storage === 'vfs' ? ['--storage-driver=vfs'] : [])];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('dockerd', args, { stdio: ['ignore', 'ignore', openSync(join(folder, 'log'), 'a')], env: { ...process.env, PATH: `/usr/sbin:/sbin:${process.env['PATH'] ?? ''}` } });
    await until('Docker', async () => (child.exitCode === null ? listens(socket) : Promise.reject(new Error(`dockerd has ended: ${readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').at(-1) ?? ''}`))));
    return child;
  };
  let daemon = await start();
  const cli = (...words: readonly string[]): string => run('/usr/bin/docker', words, { DOCKER_HOST: `unix://${socket}` });
  cli('import', makeImage(folder), 'local');
  const removeAll = (): void => {
    const left = cli('ps', '-aq').split('\n').filter((id) => id !== '');
    if (left.length > 0) cli('rm', '-f', ...left);
  };
  return {
    removeAll,
    socket,
    data,
    ask: (path, body) => askApi(socket, path, body),
    pid: () => daemon.pid ?? 0,
    cli,
    async killAndRestart() {
      daemon.kill('SIGKILL');
      await ended(daemon);
      // Where nobody reaps, what has ended still counts as running.
      for (const path of ['pid', 'exec/containerd/containerd.pid']) rmSync(join(folder, path), { force: true });
      daemon = await start();
    },
    async stop() {
      removeAll();
      daemon.kill('SIGTERM');
      await ended(daemon);
      unmountIn(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A real Podman service. */
export interface RealPodman {
  readonly socket: string;
  /** How often its service was started. */
  starts(): number;
  /** Whether its service runs now. */
  isAwake(): boolean;
  cli(...args: readonly string[]): string;
  stop(): Promise<void>;
}

/** Limits that a machine may refuse to raise. */
const RUN = ['run', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024', '--network', 'none', '-d'];

/** Starts a service of Podman that stays, or one that its socket starts and that ends after `seconds` without a question. */
export async function startPodman(seconds: number): Promise<RealPodman> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-podman-'));
  const socket = join(folder, 'podman.sock');
  const own = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--tmpdir', join(folder, 'tmp'), '--runtime', 'runc', '--events-backend', 'file', '--cgroup-manager', 'cgroupfs', '--storage-driver', 'vfs'];
  const cli = (...words: readonly string[]): string => run('podman', [...own, ...(words[0] === 'run' ? [...RUN, ...words.slice(1)] : words)]);
  cli('import', makeImage(folder), 'local');
  const service = ['podman', ...own, 'system', 'service', '--time', String(seconds), ...(seconds === 0 ? [`unix://${socket}`] : [])];
  const [program = '', ...args] = seconds === 0 ? service : ['systemd-socket-activate', '-l', socket, ...service];
  let child: ChildProcess | null = null;
  let starts = 0;
  let isStopping = false;
  const isPodman = (): boolean => child?.pid !== undefined && child.exitCode === null && readFileSync(`/proc/${child.pid}/comm`, 'utf8').trim() === 'podman';
  const listen = (): void => {
    rmSync(socket, { force: true });
    // It becomes the service with the first question, and is started again when that has ended.
    child = spawn(program, args, { stdio: 'ignore' });
    child.once('exit', () => {
      starts += 1;
      child = null;
      if (!isStopping) listen();
    });
  };
  listen();
  await until('the socket of Podman', async () => (existsSync(socket) && (seconds > 0 || (await listens(socket)) === true) ? true : undefined));
  return {
    socket,
    starts: () => starts + (isPodman() ? 1 : 0),
    isAwake: isPodman,
    cli,
    async stop() {
      isStopping = true;
      const last = child;
      last?.kill('SIGTERM');
      if (last !== null) await ended(last);
      cli('rm', '-fa', '-t', '0');
      unmountIn(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
