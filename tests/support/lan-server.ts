/** A LAN server on 127.0.0.1 with a port of its own and a fake authenticator. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS } from '../../src/shared/api/contract';
import type { AppState } from '../../src/shared/api/contract';
import type { Handlers } from '../../src/shared/api/dispatch';
import type { LanSettings } from '../../src/shared/sharing/lan-settings';
import type { LanState } from '../../src/shared/sharing/lan-state';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { DEFAULT_SETTINGS } from '../../src/shared/settings/settings-schema';
import { CallError } from '../../src/shared/result';
import type { SampleBatch, Snapshot } from '../../src/shared/metrics/reading';
import { createHub } from '../../src/main/engine/hub';
import type { Hub } from '../../src/main/engine/hub';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import { createCallbackLog } from './log';
import type { LogFields, LogLevel } from '../../src/main/engine/log';
import type { Authenticator, ClientIdentity } from '../../src/main/access/identity';
import { startLan } from '../../src/main/lan/index';
import type { Lan, LanParts } from '../../src/main/lan/index';

/** Accepts tokens that are names: `viewer`, `admin2`; `viewer.read,write` is an API token with scopes, `machine:<id>` that of a machine. */
class FakeAuthenticator implements Authenticator {
  readonly #listeners = new Set<(id: string) => void>();
  readonly #revoked = new Set<string>();
  readonly addresses: string[] = [];

  authenticate: Authenticator['authenticate'] = ({ authorization, cookies, address }) => {
    this.addresses.push(address);
    const token = cookies['session'] ?? /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
    const machine = /^machine:([0-9a-f]{32})$/.exec(token)?.[1];
    if (machine !== undefined) return Promise.resolve({ id: `m${machine}`, name: 'A machine', role: 'viewer', scopes: ['report'], machine });
    const [name = '', scopes] = token.split('.');
    const role = name.replace(/\d+$/, '');
    const known = (role === 'viewer' || role === 'admin') && !this.#revoked.has(name);
    const identity: ClientIdentity | null = known ? { id: name, name, role, scopes: scopes?.split(',') ?? null } : null;
    return Promise.resolve(identity);
  };

  onRevoked: Authenticator['onRevoked'] = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  revoke(id: string): void {
    this.#revoked.add(id);
    this.#listeners.forEach((listener) => listener(id));
  }
}

/** A log entry. */
interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: LogFields;
}

/** A running server. */
export interface OpenLan {
  readonly origin: string;
  readonly port: number;
  readonly state: Extract<LanState, { state: 'listening' }>;
  readonly authenticator: FakeAuthenticator;
  readonly lan: Lan;
  readonly hub: Hub;
  readonly log: LogEntry[];
  /** Every state reported. */
  readonly states: LanState[];
  close(): Promise<void>;
}

/** Parts and settings that replace the defaults. */
export type LanOptions = Partial<Omit<LanParts, 'settings'>> & { readonly settings?: Partial<LanSettings>; /** Replaces some of the handlers of an idle app. */ wrap?(handlers: Handlers): Handlers };

/** Handlers of an idle app: calls return null, or the state of a new installation. */
function plainHandlers(hub: Hub): Handlers {
  const nothing = Object.fromEntries(Object.keys(CALLS).map((name) => [name, () => null]));
  const state = (): AppState => ({ paused: false, settings: DEFAULT_SETTINGS, rules: DEFAULT_RULES, notices: [] });
  return { ...(nothing as unknown as Handlers), snapshot: () => hub.snapshot(), appState: state, setPaused: state, updateSettings: state };
}

/** Host name and addresses in these tests. */
const MACHINE = { hostname: 'box.example', addresses: [{ address: '127.0.0.1', interface: 'lo', family: 4, loopback: true, linkLocal: false }] } as const;

/** A batch with one family. */
export const batchOf = (seq: number, time = seq * 1000): SampleBatch => ({
  seq,
  time,
  readings: { memory: { values: { usage: seq, total: 1e9, used: null }, devices: {} } },
  faults: {},
});

/** A folder of static files as the build creates it. */
export function makePages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-pages-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Traywatch</title>');
  writeFileSync(join(folder, 'assets', 'index-a1b2c3d4.js'), 'console.log(1);\n'.repeat(100));
  return folder;
}

/** Starts a server and waits until it listens. Port 0: the system chooses one. */
export async function openLan({ settings, wrap = (handlers) => handlers, ...options }: LanOptions = {}): Promise<OpenLan> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'traywatch-lan-'));
  const pages = options.pages ?? makePages();
  const authenticator = new FakeAuthenticator();
  const hub = createHub(() => undefined);
  const log: LogEntry[] = [];
  const states: LanState[] = [];
  let onSettled: (state: LanState) => void = () => undefined;
  const snapshot = options.snapshot ?? ((): Snapshot => hub.snapshot());
  const parts: LanParts = {
    folder,
    pages,
    version: '0.0.0',
    runId: 'run1',
    clock: systemClock,
    timers: systemTimers,
    log: createCallbackLog((entry) => log.push(entry)),
    handlers: wrap(plainHandlers(hub)),
    viewedFamilies: { set: () => undefined, drop: () => undefined },
    authenticator,
    since: () => ({ rows: [], complete: false }),
    openIncidents: () => [],
    heartbeat: () => Promise.resolve(false),
    report: () => Promise.reject(new CallError('NotFound', 'this machine does not report here')),
    subscribe: (listener) => hub.subscribe(listener),
    onState: (state) => {
      states.push(state);
      onSettled(state);
    },
    localHost: () => MACHINE,
    ...options,
    snapshot,
    settings: { ...DEFAULT_SETTINGS.lan, enabled: true, port: 0, addresses: ['127.0.0.1'], tls: 'off', ...settings },
  };
  const settled = new Promise<LanState>((resolve) => {
    onSettled = (state) => {
      if (state.state === 'listening' || state.state === 'failed') resolve(state);
    };
  });
  const lan = startLan(parts);
  const state = await settled;
  const close = async (): Promise<void> => {
    await lan.close();
    if (options.folder === undefined) rmSync(folder, { recursive: true });
    if (options.pages === undefined) rmSync(pages, { recursive: true });
  };
  if (state.state !== 'listening') {
    await close();
    throw new Error(`the server does not listen: ${JSON.stringify(state)}`);
  }
  const url = new URL(state.urls[0] ?? '');
  return { origin: url.origin, port: Number(url.port), state, authenticator, lan, hub, log, states, close };
}
