/** A real PostgreSQL server for tests: a cluster of its own in a temporary folder, on a loopback port, as an ordinary user. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

const LIB = '/usr/lib/postgresql';
/** Where Debian has the newest version; null where there is none. */
const bin = existsSync(LIB) ? (readdirSync(LIB).map((version) => join(LIB, version, 'bin')).findLast((folder) => existsSync(join(folder, 'initdb'))) ?? null) : null;

const idOf = (what: '-u' | '-g'): number => Number(spawnSync('id', [what, 'postgres'], { encoding: 'utf8' }).stdout);
/** The server refuses to run as root: there it runs as the user of its package. */
const isRoot = process.getuid?.() === 0;
const account = (): { readonly uid?: number; readonly gid?: number } => (isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {});

/** Whether the server can be started; a test that needs it prints why it is skipped. */
export function hasPostgresql(): boolean {
  const reason = bin === null ? 'PostgreSQL is not installed (Debian: postgresql)' : isRoot && Number.isNaN(account().uid ?? NaN) ? 'there is no user postgres' : null;
  if (reason !== null) process.stdout.write(`skipped: ${reason}, so none is probed\n`);
  return reason === null;
}

const program = (name: string): string => join(bin ?? '', name);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-pg-'));
  const { uid, gid } = account();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/** The superuser of the cluster, who needs no password over its socket. */
const OWNER = 'owner';

/** One cluster. */
export class PostgresqlServer {
  #child: ChildProcess | null = null;
  readonly #clients: Client[] = [];

  private constructor(readonly folder: string, readonly port: number) {}

  /** Creates and starts one. `hba` are the lines of pg_hba.conf for clients on 127.0.0.1, `settings` those of the server. */
  static async start({ hba, settings, files = {} }: { readonly hba: readonly string[]; readonly settings: readonly string[]; readonly files?: Readonly<Record<string, string>> }): Promise<PostgresqlServer> {
    const folder = newFolder();
    const { uid, gid } = account();
    const server = new PostgresqlServer(folder, await freePort());
    const made = spawnSync(program('initdb'), ['-D', server.data, '-U', OWNER, '-A', 'trust', '-N', '--locale=C', '-E', 'UTF8'], { ...account(), cwd: folder, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    for (const [name, text] of Object.entries(files)) {
      const path = join(server.data, name);
      writeFileSync(path, text);
      chmodSync(path, 0o600);
      if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
    }
    appendFileSync(join(server.data, 'postgresql.conf'), `\nlisten_addresses = '127.0.0.1'\nport = ${server.port}\nunix_socket_directories = '${folder}'\nfsync = off\nshared_buffers = 16MB\n${settings.join('\n')}\n`);
    writeFileSync(join(server.data, 'pg_hba.conf'), `local all,replication ${OWNER} trust\n${hba.join('\n')}\n`);
    await server.up();
    return server;
  }

  /** Creates and starts a standby of this one, which has to allow it: a line for replication by its owner's socket, and senders. */
  async standby(): Promise<PostgresqlServer> {
    const standby = new PostgresqlServer(newFolder(), await freePort());
    const copied = spawnSync(program('pg_basebackup'), ['-h', this.folder, '-p', String(this.port), '-U', OWNER, '-D', standby.data, '-R', '-X', 'stream', '-c', 'fast'], { ...account(), cwd: standby.folder, encoding: 'utf8' });
    if (copied.status !== 0) throw new Error(`pg_basebackup: ${copied.stderr}`);
    appendFileSync(join(standby.data, 'postgresql.conf'), `\nport = ${standby.port}\nunix_socket_directories = '${standby.folder}'\n`);
    await standby.up();
    return standby;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Starts it, and waits until it answers. */
  async up(): Promise<void> {
    const child = spawn(program('postgres'), ['-D', this.data], { ...account(), cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors = (errors + chunk).slice(-4000)));
    this.#child = child;
    const isReady = (): boolean => spawnSync(program('pg_isready'), ['-h', this.folder, '-p', String(this.port), '-q'], { ...account(), cwd: this.folder }).status === 0;
    while (!isReady()) {
      if (child.exitCode !== null) throw new Error(`postgres: ${errors}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Sends it a signal: SIGSTOP makes it hang, SIGCONT go on. */
  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Stops it as its service does. */
  async down(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
  }

  /** A client of the superuser, by the socket. */
  async #owner(): Promise<Client> {
    const client = new Client({ host: this.folder, port: this.port, user: OWNER, database: 'postgres', password: '' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Runs texts as the superuser, one by one. */
  async sql(...texts: readonly string[]): Promise<void> {
    const client = await this.#owner();
    try {
      for (const text of texts) await client.query(text);
    } finally {
      await client.end();
    }
  }

  /** Opens connections of a user and keeps them. */
  async open(count: number, user: string, password: string): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      const client = new Client({ host: '127.0.0.1', port: this.port, user, password, database: 'postgres', ssl: false });
      client.on('error', () => undefined);
      await client.connect();
      this.#clients.push(client);
    }
  }

  /** Runs a statement on the connection that was opened last. */
  async onLast(text: string): Promise<void> {
    await this.#clients.at(-1)?.query(text);
  }

  /** Closes those that were opened. */
  async closeAll(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.end()));
  }

  async remove(): Promise<void> {
    await this.closeAll();
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
