/** A run of the program without a desktop, controlled from its terminal: under plain Node, or under Electron. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { appDir } from './traywatch';

/** A headless run and its output. */
export interface Headless {
  /** Its user-data folder. */
  readonly data: string;
  /** The output so far: stdout, and an error of Traywatch itself. */
  text(): string;
  /** Asks for a new pairing code by SIGHUP. */
  newCode(): void;
  /** Everything on its error output. */
  errors(): string;
  signal(name: NodeJS.Signals): void;
  /** Closes the reading end of its output, as a pipe whose other program ended. */
  stopReading(): void;
  /** Ends it by SIGTERM, as a service manager does, or as a terminal does by SIGINT; resolves to the exit code. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | null>;
  /** Kills it and deletes its folder. */
  discard(): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Writes the settings file into a user-data folder. */
export function writeSettings(data: string, text: string): void {
  fs.writeFileSync(path.join(data, 'settings.json'), text);
}

/** A program that the app is started through, and a file descriptor, if any, that it gets as number 3. */
export interface Wrapper {
  readonly command: readonly string[];
  readonly descriptor?: number;
}

/** The two that it runs under. */
export type HeadlessRuntime = 'node' | 'electron';

/** How it is started, where that is not as usual. */
interface HeadlessOptions {
  /** Plain Node where nothing is said. */
  readonly runtime?: HeadlessRuntime;
  readonly wrapper?: Wrapper;
  readonly variables?: Readonly<Record<string, string>>;
  /** The user-data folder of an earlier run, which it goes on with. */
  readonly data?: string;
  /** Options of Node itself. */
  readonly nodeFlags?: readonly string[];
}

/** What runs it, up to its own options. */
function commandOf({ runtime = 'node', nodeFlags = [] }: HeadlessOptions): readonly string[] {
  if (runtime === 'node') return [process.execPath, ...nodeFlags, path.join(appDir, 'out/headless/traywatch.cjs')];
  // Chromium's sandbox cannot start as root.
  return [process.env['TRAYWATCH_ELECTRON'] ?? '', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), appDir, '--headless'];
}

/** Starts it at 127.0.0.1. `prepare` holds settings of the server, or fills the user-data folder itself. */
export function startHeadless(port: number, flags: readonly string[] = [], prepare: Readonly<Record<string, unknown>> | ((data: string) => void) = {}, options: HeadlessOptions = {}): Headless {
  const { wrapper, variables = {} } = options;
  const home = options.data === undefined ? fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-headless-')) : path.dirname(options.data);
  const data = path.join(home, 'data');
  fs.mkdirSync(data, { recursive: true });
  if (typeof prepare === 'function') prepare(data);
  else if (options.data === undefined) writeSettings(data, JSON.stringify({ version: 2, lan: { addresses: ['127.0.0.1'], port, ...prepare } }));
  const [program, ...rest] = [...(wrapper?.command ?? []), ...commandOf(options), ...flags, `--user-data-dir=${data}`];
  const child = spawn(program, rest, { env: { PATH: process.env['PATH'], HOME: home, ...variables }, stdio: ['ignore', 'pipe', 'pipe', ...(wrapper?.descriptor === undefined ? [] : [wrapper.descriptor])] });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code, signal) => resolve(signal === null ? code : 128 + os.constants.signals[signal])));
  let text = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  // The runtime prints errors of its own on a machine without a desktop; Traywatch's begin with its name.
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  return {
    data,
    text: () => text + (/^traywatch: .*/m.exec(errors)?.[0] ?? ''),
    ended,
    errors: () => errors,
    signal: (name) => void child.kill(name),
    newCode: () => void child.kill('SIGHUP'),
    stopReading: () => void child.stdout?.destroy(),
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
    discard: async () => {
      child.kill('SIGKILL');
      await ended;
      fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
