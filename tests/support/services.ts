/** Services over a real core in a folder of its own, with clocks and timers that are moved by hand. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Core } from '../../src/main/core/core';
import type { CoreParts } from '../../src/main/core/core-setup';
import { dispatch } from '../../src/shared/api/dispatch';
import type { CallInput, CallName, CallOutput } from '../../src/shared/api/contract';
import type { ServiceInput } from '../../src/shared/services/service-schemas';
import type { LanState } from '../../src/shared/sharing/lan-state';
import { openCore } from './core';
import { createCallbackLog } from './log';

/** Services; nothing listens where the first two are. */
export const WEB = { kind: 'http', id: 'shop-abcd', name: 'Shop', url: 'http://127.0.0.1:1/health', headers: ['Authorization'], enabled: false } satisfies ServiceInput;
export const DATABASE = { kind: 'postgresql', id: 'db-abcd', name: 'Orders', host: '127.0.0.1', port: 1, user: 'watcher', enabled: false } satisfies ServiceInput;
export const BACKUP = { kind: 'heartbeat', id: 'backup-abcd', name: 'Backup', intervalSeconds: 60, graceSeconds: 30 } satisfies ServiceInput;
/** Sharing is on. */
export const LISTENING: LanState = { state: 'listening', urls: ['https://box.example:8543/'], certificate: null, missing: [], retryAt: null, mdns: 'off', connections: 0 };

/** A key store that any reader sees through, but no search. */
const reversed = (text: string): string => text.split('').toReversed().join('');
function createKeyring() {
  const keyring = { refused: null as string | null };
  const encryption: CoreParts['services']['encryption'] = {
    isAvailable: () => Promise.resolve(true),
    encrypt: (text) => (text === keyring.refused ? Promise.reject(new Error('the key store is locked')) : Promise.resolve(reversed(text))),
    decrypt: (text) => Promise.resolve(reversed(text)),
  };
  return { keyring, encryption };
}

/** Opens it. */
export function createWorld({ hasKeyring = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-services-'));
  const world = { now: Date.UTC(2026, 10, 30, 12), mono: 1000, lan: LISTENING, file: null as string | null, timers: [] as { ms: number; fn: () => void }[] };
  const clock = { now: () => world.now, mono: () => world.mono, boot: () => world.mono };
  const timers: CoreParts['timers'] = {
    after: (ms, fn) => {
      const timer = { ms, fn };
      world.timers.push(timer);
      return () => (world.timers = world.timers.filter((other) => other !== timer));
    },
  };
  const log: unknown[] = [];
  const { keyring, encryption } = createKeyring();
  const parts = (): Partial<CoreParts> => ({
    log: createCallbackLog((entry) => log.push(entry)),
    clock, timers, lanState: () => world.lan,
    dialogs: { save: ({ name }) => Promise.resolve(join(folder, name)), open: () => Promise.resolve(world.file) },
    ...(hasKeyring ? { services: { notifier: { show: () => Promise.resolve('shown'), close: () => undefined }, doNotDisturb: () => Promise.resolve(false), encryption } } : {}),
  });
  let core: Core = openCore(folder, parts());
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    core.close();
    rmSync(folder, { recursive: true });
  };
  onTestFinished(close);
  return {
    close,
    log: () => log,
    world, folder,
    /** Refuses to encrypt the text `refused`. */
    keyring,
    core: () => core,
    call: async <N extends CallName>(name: N, input: CallInput<N>, role: 'local' | 'admin' = 'local'): Promise<CallOutput<N>> => {
      const result = await dispatch(core.handlers, name, input, { id: 'window', role }, () => undefined);
      if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
      return result.value as CallOutput<N>;
    },
    pass: (seconds: number): void => {
      world.now += seconds * 1000;
      world.mono += seconds * 1000;
    },
    /** Runs the timers of so many ms. */
    fire: (ms: number): void => world.timers.filter((timer) => timer.ms === ms).forEach(({ fn }) => fn()),
    restart: (): void => {
      core.close();
      core = openCore(folder, parts());
    },
    read: (path: string): string => readFileSync(join(folder, path), 'utf8'),
    messages: (): string[] => core.store.activity.events({ types: ['service_added', 'service_changed', 'service_removed', 'settings_changed'], limit: 50 }).events.map(({ type, message }) => `${type}: ${message}`).toReversed(),
  };
}
