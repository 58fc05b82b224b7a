/**
 * Commands to a start without a desktop. Elsewhere these are signals; Windows has none that could ask for a new code or for an
 * orderly end, so there they are words typed into the console, one a line.
 */
import { createInterface } from 'node:readline';
import type { Platform } from './engine/collectors/deps';

/** What can be asked for. */
export interface TerminalCommands {
  /** A new pairing code. */
  code(): void;
  quit(): void;
}

/** Where signals and lines come from; the process itself, except in tests. */
export interface TerminalSource {
  readonly pid: number;
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  /** Standard input; only a console is read, as nobody types into anything else. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
}

const isTyped = (platform: Platform): boolean => platform === 'win32';

/** How a new code is had, for the line under the present one. */
export function codeHint(source: TerminalSource, platform: Platform): string {
  if (!isTyped(platform)) return `New code: kill -HUP ${source.pid}`;
  return source.stdin.isTTY === true ? 'New code: type "code" and press Enter. To end Traywatch: "quit"' : 'New code: end Traywatch and start it again in a console';
}

/** Follows signals, and on Windows lines. `print` gets what to say to a line that is no command. */
export function followTerminal(source: TerminalSource, platform: Platform, commands: TerminalCommands, print: (line: string) => void): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) source.on(signal, commands.quit);
  if (!isTyped(platform)) {
    source.on('SIGHUP', commands.code);
    return;
  }
  // The console's window was closed, or Ctrl+Break was pressed: Windows ends the process a few seconds later.
  for (const signal of ['SIGHUP', 'SIGBREAK'] as const) source.on(signal, commands.quit);
  if (source.stdin.isTTY !== true) return;
  const lines = createInterface({ input: source.stdin });
  lines.on('line', (line) => {
    const word = line.trim().toLowerCase();
    if (word === 'code') commands.code();
    else if (word === 'quit') commands.quit();
    else if (word !== '') print('Commands: code, quit');
  });
}
