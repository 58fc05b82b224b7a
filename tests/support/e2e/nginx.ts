/** nginx in front of the server, as a process of the test: its own configuration, folder and loopback port. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../desktop';

/** Where Debian puts it; sbin is not in every PATH. */
const program = ['nginx', '/usr/sbin/nginx'].find((name) => spawnSync(name, ['-v']).status === 0) ?? null;

/** Whether nginx is installed; a test that needs it prints why it is skipped. */
export function hasNginx(): boolean {
  if (program === null) process.stdout.write('skipped: nginx is not installed (Debian: nginx-light), so no reverse proxy is tried\n');
  return program !== null;
}

async function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(undefined));
  });
}

/** Starts nginx with server blocks, of which the one at `port` is waited for. Resolves to the function that ends it. */
export async function startNginx(port: number, servers: string): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const config = `daemon off; master_process off; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${temporary} ${servers} }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  const child = spawn(program ?? 'nginx', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGQUIT');
    const cut = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(cut);
    rmSync(folder, { recursive: true });
  };
  try {
    await until('nginx', () => (child.exitCode === null ? answers(port) : Promise.reject(new Error(errors))));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
