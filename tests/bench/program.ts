/** The two programs that are compared, and how a run of one is started and ended. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { until } from '../support/desktop/until';
import { parseStat, readIfAllowed, readTree, readType } from './proc';
import { SETTINGS_VERSION } from '../../src/shared/settings/settings-schema';
import type { DesktopBench, Program } from './bench';

/** Size of the bare window, so that it is as large as that of Traywatch. */
const BARE_WINDOW = '1120x780';
const DIE_WITHIN_MS = 10_000;

/** Both programs, each with a user-data folder of its own below `home`. */
export function createPrograms(root: string, bundle: string, home: string): { bare: Program; app: Program } {
  const page = (name: string): string => `--page=${path.join(bundle, 'baseline', `${name}.html`)}`;
  const size = `--size=${BARE_WINDOW}`;
  const userDataDir = path.join(home, 'app');
  // What is measured is a usual start, without the card of the first one.
  fs.mkdirSync(userDataDir, { recursive: true });
  fs.writeFileSync(path.join(userDataDir, 'settings.json'), JSON.stringify({ version: SETTINGS_VERSION }));
  return {
    bare: {
      name: 'bare',
      folder: path.join(root, 'tests', 'fixtures', 'bare-app'),
      userDataDir: path.join(home, 'bare'),
      hidden: [size, page('plain')],
      open: ['--window', size, page('chart')],
    },
    app: { name: 'app', folder: root, userDataDir, hidden: ['--hidden'], open: [] },
  };
}

/** Makes a folder for what the measured programs write; on a real disk where the system's temporary folder is one. */
export function makeHome(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-bench-'));
}

/** Starts a program; resolves when its icon is in the tray. */
export async function launch(bench: DesktopBench, program: Program, args: readonly string[]) {
  // Chromium's sandbox cannot start as root.
  const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const argv = [...switches, program.folder, `--user-data-dir=${program.userDataDir}`, ...args];
  fs.rmSync(path.join(program.userDataDir, 'DevToolsActivePort'), { force: true });
  const startedAt = Date.now();
  // A session of its own: whatever it starts can be told from everything else.
  const child = spawn(bench.runtime, argv, { env: bench.desktop.env, cwd: program.folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const output = keepTail(child);
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message)).on('exit', (code, signal) => resolve(`exit ${code ?? signal}`));
  });
  const stop = async (): Promise<void> => endTree(child, exited);
  bench.stops.add(stop);
  const ended = exited.then((how) => Promise.reject(new Error(`${program.name} ended by itself (${how}): ${output()}`)));
  ended.catch(() => undefined);
  const trayAt = await Promise.race([bench.events.first('StatusNotifierItemRegistered', startedAt), ended]);
  const pid = child.pid ?? 0;
  return {
    pid,
    /** Milliseconds from the start of the process until its icon was registered at the tray. */
    toTrayMs: trayAt - startedAt,
    renderers: (): number => readTree(pid).filter((one) => readType(one.pid) === 'renderer').length,
    async end(): Promise<void> {
      await stop();
      bench.stops.delete(stop);
    },
  };
}

function keepTail(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = `${text}${chunk}`.slice(-2000)));
  return () => text.trim();
}

/** Asks the main process to end, then makes sure, and waits until nothing of the tree is left. */
async function endTree(child: ChildProcess, exited: Promise<string>): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const tree = readTree(pid).map((one) => one.pid);
  child.kill('SIGTERM');
  const lastResort = setTimeout(() => child.kill('SIGKILL'), DIE_WITHIN_MS);
  await exited;
  clearTimeout(lastResort);
  for (const one of tree.slice(1)) killIfThere(one);
  await until('the end of all its processes', async () => (tree.some((one) => isThere(one)) ? undefined : true));
}

function isThere(pid: number): boolean {
  return parseStat(readIfAllowed(`/proc/${pid}/stat`) ?? '') !== null;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
