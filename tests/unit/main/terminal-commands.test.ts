import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Platform } from '../../../src/main/engine/collectors/deps';
import { codeHint, followTerminal } from '../../../src/main/terminal-commands';

/** A process with a terminal, and what its user was answered. */
function createTerminal(platform: Platform, isTTY: boolean) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const source = Object.assign(new EventEmitter(), { pid: 4711, stdin });
  const heard: string[] = [];
  followTerminal(source, platform, { code: () => heard.push('code'), quit: () => heard.push('quit') }, (line) => heard.push(line));
  const type = async (text: string): Promise<void> => {
    stdin.write(text);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { source, heard, type, hint: codeHint(source, platform) };
}

describe.each(['linux', 'darwin'] as const)('a start without a desktop on %s', (platform) => {
  it('gives a new code for SIGHUP, ends with SIGTERM and SIGINT, and reads nothing', async () => {
    const { source, heard, type, hint } = createTerminal(platform, true);
    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT']) source.emit(signal);
    await type('quit\n');
    expect(heard).toEqual(['code', 'quit', 'quit']);
    expect([hint, source.stdin.readableFlowing]).toEqual(['New code: kill -HUP 4711', null]);
  });
});

describe('a start without a desktop on Windows', () => {
  it('understands words in its console, however they are typed', async () => {
    const { heard, type, hint } = createTerminal('win32', true);
    await type('code\r\n');
    await type(' QUIT \r\n\r\n');
    await type('help\r\n');
    expect(heard).toEqual(['code', 'quit', 'Commands: code, quit']);
    expect(hint).toContain('"code"');
    expect(hint).not.toContain('kill');
  });

  it('ends when its console is closed or interrupted', () => {
    const { source, heard } = createTerminal('win32', true);
    for (const signal of ['SIGHUP', 'SIGBREAK', 'SIGINT']) source.emit(signal);
    expect(heard).toEqual(['quit', 'quit', 'quit']);
  });

  it('reads nothing without a console, and does not tell to type into it', async () => {
    const { source, heard, type, hint } = createTerminal('win32', false);
    await type('quit\n');
    expect([heard, source.stdin.readableFlowing]).toEqual([[], null]);
    expect(hint).toBe('New code: end Traywatch and start it again in a console');
  });
});
