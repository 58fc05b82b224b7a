/** State and commands of sharing for Traywatch's own window: the server, access requests, credentials and live connections. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { problemText } from '../../shared/api/problem-text';
import type { Client } from '../../shared/api/client';
import type { CallInput } from '../../shared/api/contract';
import type { AccessSummary } from '../../shared/sharing/access-schemas';
import type { LanState } from '../../shared/sharing/lan-state';
import type { ConnectedClient } from '../../shared/sharing/connected-client';
import type { Result } from '../../shared/result';

/** Each part is null until the app reported it. */
interface SharingState {
  readonly server: LanState | null;
  readonly access: AccessSummary | null;
  /** Clients that receive live data; null while no page shows them. */
  readonly connections: readonly ConnectedClient[] | null;
}

/** The calls whose response is the access summary. */
type AccessCommand =
  | 'lanPairingStart' | 'lanPairingCancel' | 'lanApprove' | 'lanDeny' | 'lanRenameDevice' | 'lanSetRole' | 'lanRevoke'
  | 'lanSetAccount' | 'lanRemoveAccount' | 'lanRemoveToken';

/** Loads the state, follows its changes and runs commands. */
export interface SharingController {
  readonly store: StoreApi<SharingState>;
  load(): Promise<void>;
  /** Keeps `connections` up to date while a page shows them; returns the function that stops it. */
  followConnections(): () => void;
  /** Resolves to null, or to the message of the failure. */
  run<N extends AccessCommand>(name: N, input: CallInput<N>): Promise<string | null>;
  /** Resolves to the token, which is shown this once and cannot be read again. */
  createToken(input: CallInput<'lanCreateToken'>): Promise<Result<string>>;
  stop(): void;
}

/** Returns a trigger that runs `work` at most once at a time; triggers during a run cause one more run after it. */
function runOneAtATime(work: () => Promise<void>): () => void {
  let busy = false;
  let again = false;
  const run = async (): Promise<void> => {
    busy = true;
    do {
      again = false;
      await work();
    } while (again);
    busy = false;
  };
  return () => {
    again = true;
    if (!busy) void run();
  };
}

/** Creates it, empty. */
export function createSharingController(client: Client): SharingController {
  const store = createStore<SharingState>(() => ({ server: null, access: null, connections: null }));
  /** Number of components that show the connections. */
  let followers = 0;
  const refreshConnections = runOneAtATime(async () => {
    const response = await client.call('lanConnections', {});
    if (response.ok && followers > 0) store.setState({ connections: response.value });
  });
  const stop = client.subscribe((event) => {
    if (event.name === 'lanState') store.setState({ server: event.payload });
    else if (event.name === 'lanAccess') store.setState({ access: event.payload });
    else return;
    // lanState changes when a client connects or disconnects, lanAccess when one is renamed.
    if (followers > 0) refreshConnections();
  });
  const apply = (response: Result<AccessSummary>): string | null => {
    if (!response.ok) return problemText(response.message);
    store.setState({ access: response.value });
    return null;
  };
  return {
    store,
    async load() {
      const [server, access] = await Promise.all([client.call('lanState', {}), client.call('lanAccess', {})]);
      store.setState({ ...(server.ok ? { server: server.value } : {}), ...(access.ok ? { access: access.value } : {}) });
    },
    followConnections() {
      followers += 1;
      refreshConnections();
      return () => {
        followers -= 1;
        if (followers === 0) store.setState({ connections: null });
      };
    },
    run: async (name, input) => apply(await client.call(name, input)),
    async createToken(input) {
      const response = await client.call('lanCreateToken', input);
      if (!response.ok) return response;
      store.setState({ access: response.value.access });
      return { ok: true, value: response.value.token };
    },
    stop,
  };
}
