/** Sharing on the LAN as the desktop sees it: the server, everybody who is in or wants in, and who watches. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { problemText } from '../../shared/api/problem-text';
import type { Client } from '../../shared/api/client';
import type { CallInput } from '../../shared/api/contract';
import type { AccessSummary } from '../../shared/sharing/access-schemas';
import type { LanState } from '../../shared/sharing/lan-state';
import type { ConnectedClient } from '../../shared/sharing/connected-client';
import type { Result } from '../../shared/result';

/** What is known; null until it was heard of. */
interface LanSlice {
  readonly server: LanState | null;
  readonly access: AccessSummary | null;
  /** Who watches; null while no page shows it. */
  readonly connections: readonly ConnectedClient[] | null;
}

/** The commands that answer with everybody who is in. */
type AccessCommand =
  | 'lanPairingStart' | 'lanPairingCancel' | 'lanApprove' | 'lanDeny' | 'lanRenameDevice' | 'lanSetRole' | 'lanRevoke'
  | 'lanSetAccount' | 'lanRemoveAccount' | 'lanRemoveToken';

/** Follows it, and carries out what the person wants. */
export interface SharingController {
  readonly store: StoreApi<LanSlice>;
  load(): Promise<void>;
  /** Follows who watches, for as long as a page shows it; returns the function that ends it. */
  followConnections(): () => void;
  /** Resolves to null, or to why it did not work. */
  run<N extends AccessCommand>(name: N, input: CallInput<N>): Promise<string | null>;
  /** Resolves to the token, which is never to be had again. */
  createToken(input: CallInput<'lanCreateToken'>): Promise<Result<string>>;
  stop(): void;
}

/** Calls `work` again once it has ended when it was wished meanwhile: one at a time, however many wish. */
function oneAtATime(work: () => Promise<void>): () => void {
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

/** Makes it, empty. */
export function createSharingController(client: Client): SharingController {
  const store = createStore<LanSlice>(() => ({ server: null, access: null, connections: null }));
  /** Pages that show who watches. */
  let showing = 0;
  const askViewers = oneAtATime(async () => {
    const answer = await client.call('lanConnections', {});
    if (answer.ok && showing > 0) store.setState({ connections: answer.value });
  });
  const stop = client.subscribe((event) => {
    if (event.name === 'lanState') store.setState({ server: event.payload });
    else if (event.name === 'lanAccess') store.setState({ access: event.payload });
    else return;
    // The one tells that somebody came or went, the other that somebody has another name.
    if (showing > 0) askViewers();
  });
  const take = (answer: Result<AccessSummary>): string | null => {
    if (!answer.ok) return problemText(answer.message);
    store.setState({ access: answer.value });
    return null;
  };
  return {
    store,
    async load() {
      const [server, access] = await Promise.all([client.call('lanState', {}), client.call('lanAccess', {})]);
      store.setState({ ...(server.ok ? { server: server.value } : {}), ...(access.ok ? { access: access.value } : {}) });
    },
    followConnections() {
      showing += 1;
      askViewers();
      return () => {
        showing -= 1;
        if (showing === 0) store.setState({ connections: null });
      };
    },
    run: async (name, input) => take(await client.call(name, input)),
    async createToken(input) {
      const answer = await client.call('lanCreateToken', input);
      if (!answer.ok) return answer;
      store.setState({ access: answer.value.access });
      return { ok: true, value: answer.value.token };
    },
    stop,
  };
}
