/** Part "peers": other monitors on this machine, those that are installed, each at one second. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DesktopBench, PartResult, Row } from '../bench';
import { measureTree } from '../meter';
import type { TreeUse } from '../meter';

interface Peer {
  readonly name: string;
  /** The command line; `folder` is empty, and for what it writes. */
  readonly command: (folder: string) => readonly [string, ...string[]];
}

const COLLECTD_PLUGINS = ['cpu', 'memory', 'load', 'df', 'disk', 'interface', 'swap', 'uptime', 'csv'];

const PEERS: readonly Peer[] = [
  {
    name: 'btop',
    command: (folder) => {
      fs.mkdirSync(path.join(folder, 'btop'));
      fs.writeFileSync(path.join(folder, 'btop', 'btop.conf'), 'update_ms=1000\n');
      // It draws on a terminal only: script(1) gives it one, as long as its own input stays open.
      return ['script', '--quiet', '--flush', '--command', 'stty cols 120 rows 40; exec btop', '/dev/null'];
    },
  },
  {
    name: 'collectd',
    command: (folder) => {
      const config = path.join(folder, 'collectd.conf');
      const plugins = COLLECTD_PLUGINS.map((name) => `LoadPlugin ${name}`).join('\n');
      fs.writeFileSync(config, `BaseDir "${folder}"\nPIDFile "${folder}/pid"\nInterval 1\n${plugins}\n<Plugin csv>\n  DataDir "${folder}/csv"\n</Plugin>\n`);
      return ['collectd', '-f', '-C', config];
    },
  },
  { name: 'glances', command: () => ['glances', '--quiet', '--time', '1', '--disable-check-update'] },
  {
    name: 'netdata',
    command: (folder) => {
      const global = ['cache', 'lib', 'log', 'home'].flatMap((name) => ['-W', `set2 directories ${name} ${folder}`]);
      return ['netdata', '-D', '-P', path.join(folder, 'pid'), '-i', '127.0.0.1', '-p', '19998', ...global];
    },
  },
];

export async function measurePeers(bench: DesktopBench): Promise<PartResult> {
  const runs: Record<string, TreeUse | { problem: string }> = {};
  for (const peer of PEERS) {
    const use = await measurePeer(bench, peer).catch((error: unknown) => ({ problem: String(error) }));
    bench.say(`  ${peer.name}: ${'problem' in use ? use.problem : `${use.cpuPer60.toFixed(3)} CPU-s/60 s`}`);
    runs[peer.name] = use;
  }
  const rows = Object.entries(runs).flatMap(([name, use]): Row[] => {
    if ('problem' in use) return [];
    const own = { part: 'peers', bare: null, compare: 'none' } as const;
    const pss = use.pssBytes === null ? null : use.pssBytes / 1e6;
    return [
      { ...own, what: `${name}: processor`, app: use.cpuPer60, unit: 'CPU-s/60 s', digits: 3 },
      { ...own, what: `${name}: memory (PSS)`, app: pss, unit: 'MB', digits: 1 },
    ];
  });
  return { rows, runs };
}

async function measurePeer(bench: DesktopBench, { name, command }: Peer): Promise<TreeUse> {
  const folder = fs.mkdtempSync(path.join(bench.home, `${name}-`));
  if (!isInstalled(name)) throw new Error('not installed');
  const [program, ...args] = command(folder);
  const child = spawn(program, args, { cwd: folder, detached: true, env: { ...bench.desktop.env, XDG_CONFIG_HOME: folder, TERM: 'xterm-256color' }, stdio: ['pipe', 'ignore', 'ignore'] });
  const exited = new Promise<never>((_resolve, reject) => {
    child.on('error', reject).on('exit', (code) => reject(new Error(`ended by itself with exit code ${code}`)));
  });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined) killGroup(child.pid);
    await exited.catch(() => undefined);
  };
  bench.stops.add(stop);
  try {
    const measured = delay(bench.options.settleSeconds * 1000).then(() => measureTree(child.pid ?? 0, bench.options.seconds));
    return await Promise.race([measured, exited]);
  } finally {
    await stop();
    bench.stops.delete(stop);
  }
}

function isInstalled(name: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => fs.existsSync(path.join(folder, name)));
}

/** Ends a program and what it started: they share its process group. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
