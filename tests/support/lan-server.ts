/** A LAN server on 127.0.0.1 with a port of its own, and people it knows by their tokens. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS } from '../../src/shared/api/contract';
import type { AppState } from '../../src/shared/api/contract';
import type { Handlers } from '../../src/shared/api/dispatch';
import { DEFAULT_LAN } from '../../src/shared/sharing/lan-settings';
import type { LanSettings } from '../../src/shared/sharing/lan-settings';
import type { LanState } from '../../src/shared/sharing/lan-state';
import { DEFAULT_SETTINGS } from '../../src/shared/settings/settings-schema';
import type { SampleBatch, Snapshot } from '../../src/shared/metrics/reading';
import { createHub } from '../../src/main/engine/hub';
import type { Hub } from '../../src/main/engine/hub';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import { createCallbackLog } from '../../src/main/engine/log';
import type { LogFields, LogLevel } from '../../src/main/engine/log';
import type { Authenticator, ClientIdentity } from '../../src/main/access/identity';
import { startLan } from '../../src/main/lan/index';
import type { Lan, LanParts } from '../../src/main/lan/index';

/** An authenticator whose tokens are the names of those who bear them; `viewer.read,write` bears scopes. */
class Doorman implements Authenticator {
  readonly #listeners = new Set<(id: string) => void>();
  readonly #out = new Set<string>();
  readonly asked: string[] = [];

  authenticate: Authenticator['authenticate'] = ({ authorization, cookies, address }) => {
    this.asked.push(address);
    const token = cookies['session'] ?? /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
    const [name = '', scopes] = token.split('.');
    const role = name.replace(/\d+$/, '');
    const known = (role === 'viewer' || role === 'admin') && !this.#out.has(name);
    const identity: ClientIdentity | null = known ? { id: name, name, role, scopes: scopes?.split(',') ?? null } : null;
    return Promise.resolve(identity);
  };

  onRevoked: Authenticator['onRevoked'] = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  revoke(id: string): void {
    this.#out.add(id);
    this.#listeners.forEach((listener) => listener(id));
  }
}

/** One entry of the log. */
interface Entry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: LogFields;
}

/** A running server. */
export interface OpenLan {
  readonly origin: string;
  readonly port: number;
  readonly state: Extract<LanState, { state: 'listening' }>;
  readonly doorman: Doorman;
  readonly lan: Lan;
  readonly hub: Hub;
  readonly log: Entry[];
  /** Every state so far. */
  readonly states: LanState[];
  close(): Promise<void>;
}

/** What a test may want otherwise. */
export type Wishes = Partial<Omit<LanParts, 'settings'>> & { readonly settings?: Partial<LanSettings> };

/** Handlers of an app in which nothing happens: calls answer null, or the state of a new installation. */
function plainHandlers(hub: Hub): Handlers {
  const nothing = Object.fromEntries(Object.keys(CALLS).map((name) => [name, () => null]));
  const state = (): AppState => ({ paused: false, settings: DEFAULT_SETTINGS, notices: [] });
  return { ...(nothing as unknown as Handlers), snapshot: () => hub.snapshot(), appState: state, setPaused: state, updateSettings: state };
}

/** The machine as these tests have it. */
const MACHINE = { hostname: 'box.example', addresses: [{ address: '127.0.0.1', interface: 'lo', family: 4, loopback: true, linkLocal: false }] } as const;

/** A batch with one family in it. */
export const batchOf = (seq: number, time = seq * 1000): SampleBatch => ({
  seq,
  time,
  readings: { memory: { values: { usage: seq, total: 1e9, used: null }, devices: {} } },
  faults: {},
});

/** A folder of pages such as the build makes. */
export function makePages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-pages-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Traywatch</title>');
  writeFileSync(join(folder, 'assets', 'index-a1b2c3d4.js'), 'console.log(1);\n'.repeat(100));
  return folder;
}

/** Starts a server and waits until it listens. Port 0 lets the system choose one. */
export async function openLan({ settings, ...wishes }: Wishes = {}): Promise<OpenLan> {
  const folder = wishes.folder ?? mkdtempSync(join(tmpdir(), 'traywatch-lan-'));
  const pages = wishes.pages ?? makePages();
  const doorman = new Doorman();
  const hub = createHub(() => undefined);
  const log: Entry[] = [];
  const states: LanState[] = [];
  let told: (state: LanState) => void = () => undefined;
  const snapshot = wishes.snapshot ?? ((): Snapshot => hub.snapshot());
  const parts: LanParts = {
    folder,
    pages,
    version: '0.0.0',
    runId: 'run1',
    clock: systemClock,
    timers: systemTimers,
    log: createCallbackLog((entry) => log.push(entry)),
    handlers: plainHandlers(hub),
    viewedFamilies: { set: () => undefined, drop: () => undefined },
    authenticator: doorman,
    since: () => ({ rows: [], complete: false }),
    subscribe: (listener) => hub.subscribe(listener),
    onState: (state) => {
      states.push(state);
      told(state);
    },
    localHost: () => MACHINE,
    ...wishes,
    snapshot,
    settings: { ...DEFAULT_LAN, enabled: true, port: 0, addresses: ['127.0.0.1'], tls: 'off', ...settings },
  };
  const settled = new Promise<LanState>((resolve) => {
    told = (state) => {
      if (state.state === 'listening' || state.state === 'failed') resolve(state);
    };
  });
  const lan = startLan(parts);
  const state = await settled;
  const close = async (): Promise<void> => {
    await lan.close();
    if (wishes.folder === undefined) rmSync(folder, { recursive: true });
    if (wishes.pages === undefined) rmSync(pages, { recursive: true });
  };
  if (state.state !== 'listening') {
    await close();
    throw new Error(`the server does not listen: ${JSON.stringify(state)}`);
  }
  const url = new URL(state.urls[0] ?? '');
  return { origin: url.origin, port: Number(url.port), state, doorman, lan, hub, log, states, close };
}
