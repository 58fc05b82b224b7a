/** A run of the app without a display, controlled from its terminal. */
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
  /** Closes the reading end of its output, as a pipe whose other program ended. */
  stopReading(): void;
  /** Ends it by SIGTERM, as a service manager does; resolves to the exit code. */
  stop(): Promise<number | null>;
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

/** Starts it at 127.0.0.1. `prepare` holds settings of the server, or fills the user-data folder itself. */
export function startHeadless(port: number, flags: readonly string[] = [], prepare: Readonly<Record<string, unknown>> | ((data: string) => void) = {}, { wrapper, variables = {} }: { readonly wrapper?: Wrapper; readonly variables?: Readonly<Record<string, string>> } = {}): Headless {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-headless-'));
  const data = path.join(home, 'data');
  fs.mkdirSync(data);
  if (typeof prepare === 'function') prepare(data);
  else writeSettings(data, JSON.stringify({ version: 2, lan: { addresses: ['127.0.0.1'], port, ...prepare } }));
  // Chromium's sandbox cannot start as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [...sandbox, appDir, '--headless', ...flags, `--user-data-dir=${data}`];
  const [program = '', ...rest] = [...(wrapper?.command ?? []), process.env['TRAYWATCH_ELECTRON'] ?? '', ...args];
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
    newCode: () => void child.kill('SIGHUP'),
    stopReading: () => void child.stdout?.destroy(),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    discard: async () => {
      child.kill('SIGKILL');
      await ended;
      fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
