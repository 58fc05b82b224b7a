/** A Docker of its own for one test: a daemon with data, socket and containers in a folder that goes with it. Needs root and Debian's docker.io. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A daemon that runs. */
export interface PrivateDocker {
  /** Its data folder. */
  readonly data: string;
  /** Runs the client; returns its output. */
  docker(...args: string[]): string;
  /** JSON of one of its addresses. */
  json(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** How often it is looked whether it answers, and for how long, ms. */
const LOOK = 200;
const TRIES = 150;

const has = (program: string): boolean => ['/usr/bin', '/usr/sbin', '/bin'].some((folder) => existsSync(join(folder, program)));

function jsonOf(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => (response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text))));
    });
    asked.on('error', reject).end();
  });
}

/** An image with busybox alone, named `local/busybox`: nothing can be pulled. */
function makeImage(folder: string, docker: PrivateDocker['docker']): void {
  const tree = join(folder, 'image');
  mkdirSync(join(tree, 'bin'), { recursive: true });
  cpSync('/bin/busybox', join(tree, 'bin/busybox'));
  for (const name of ['sh', 'dd', 'sleep']) symlinkSync('busybox', join(tree, 'bin', name));
  execFileSync('tar', ['cf', join(folder, 'image.tar'), '-C', tree, '.']);
  docker('import', join(folder, 'image.tar'), 'local/busybox');
}

/** Starts one. Resolves to why there is none, where that is so. */
export async function startPrivateDocker(): Promise<PrivateDocker | string> {
  if (process.getuid?.() !== 0) return 'dockerd needs root';
  const missing = ['dockerd', 'docker', 'runc', 'busybox'].filter((program) => !has(program));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-docker-'));
  const [socket, data, log] = ['docker.sock', 'data', 'log'].map((name) => join(folder, name)) as [string, string, string];
  const out = openSync(log, 'w');
  const daemon = spawn('dockerd', ['--data-root', data, '--exec-root', join(folder, 'exec'), '-H', `unix://${socket}`, '-p', join(folder, 'pid'), '--bridge=none', '--iptables=false'], { stdio: ['ignore', out, out] });
  const ended = new Promise<void>((resolve) => daemon.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    daemon.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const json = (path: string): Promise<unknown> => jsonOf(socket, path);
  for (let tries = 0; tries < TRIES && daemon.exitCode === null; tries += 1) {
    const answers = await json('/version').then(() => true, () => false);
    if (answers) {
      const docker = (...args: string[]): string => execFileSync('docker', ['-H', `unix://${socket}`, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      makeImage(folder, docker);
      return { data, docker, json, stop };
    }
    await pause(LOOK);
  }
  const reason = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
  await stop();
  return `dockerd does not run here: ${reason}`;
}
