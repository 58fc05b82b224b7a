import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';
import { processTree } from './process-tree';

/** How to start an application. */
export interface LaunchOptions {
  /** Folder with its package.json. */
  appDir: string;
  /** An existing user-data folder, for tests that start twice; a fresh one when left out. */
  userDataDir?: string;
  /** Arguments behind the application's path. */
  args?: string[];
  /** On top of the desktop's environment. */
  env?: Record<string, string>;
}

/** An application that runs on a test desktop. */
export type RunningApp = Awaited<ReturnType<typeof launchApp>>;

/** Starts an application with a desktop's environment; resolves when its main process can be talked to. */
export async function launchApp(desktopEnv: Record<string, string>, { appDir, userDataDir, args = [], env = {} }: LaunchOptions) {
  const userData = userDataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-data-'));
  const electron = await _electron.launch({
    executablePath: runtimeExecutable(),
    args: [appDir, `--user-data-dir=${userData}`, ...args],
    env: { ...desktopEnv, ...env },
    cwd: appDir,
    // Chromium's sandbox cannot start as root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const main = electron.process();
  const pid = main.pid;
  if (pid === undefined) throw new Error('the application has no process id');
  const output = collectOutput(electron);
  const exited = new Promise<number | null>((resolve) => main.once('exit', resolve));
  const kill = async () => {
    main.kill('SIGKILL');
    await exited;
  };
  return {
    electron,
    pid,
    userDataDir: userData,
    /** What the main process printed so far. */
    output,
    /** Resolves with the exit code when the main process has ended; null when a signal ended it. */
    exited,
    /** The signal that ended the main process; null while it runs, or where it ended by itself. */
    endedBy: () => main.signalCode,
    /** The application's living processes, the main process first. */
    processes: () => processTree(pid),
    /** Ends it as a power cut would. */
    kill,
    /** Ends it whatever it is doing, and removes the user-data folder if it was made here. */
    async end(): Promise<void> {
      const rest = processTree(pid);
      await endAll(main.exitCode === null && main.signalCode === null, kill, rest.map((one) => one.pid));
      if (userDataDir === undefined) fs.rmSync(userData, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function endAll(isRunning: boolean, kill: () => Promise<void>, pids: number[]): Promise<void> {
  if (isRunning) await kill();
  for (const pid of pids) {
    // Child processes follow their main process on their own; some are quicker than this.
    if (fs.existsSync(`/proc/${pid}`)) killIfThere(pid);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function collectOutput(electron: ElectronApplication): () => string {
  let text = '';
  const append = (chunk: Buffer) => (text += chunk.toString('utf8'));
  electron.process().stdout?.on('data', append);
  electron.process().stderr?.on('data', append);
  return () => text;
}

function runtimeExecutable(): string {
  const executable = process.env.TRAYWATCH_ELECTRON;
  if (!executable) throw new Error('TRAYWATCH_ELECTRON is not set: start the tests with "npm run test:e2e"');
  return executable;
}
