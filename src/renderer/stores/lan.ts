/** Sharing on the LAN as the desktop sees it: the server, and everybody who is in or wants in. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import type { CallInput } from '../../shared/api/contract';
import type { LanAccess } from '../../shared/lan/access';
import type { LanState } from '../../shared/lan/state';
import type { Result } from '../../shared/result';

/** What is known; null until it was heard of. */
export interface LanSlice {
  readonly server: LanState | null;
  readonly access: LanAccess | null;
}

/** The commands that answer with everybody who is in. */
type AccessCommand =
  | 'lanPairingStart' | 'lanPairingCancel' | 'lanApprove' | 'lanDeny' | 'lanRenameDevice' | 'lanSetRole' | 'lanRevoke'
  | 'lanSetAccount' | 'lanRemoveAccount' | 'lanRemoveToken';

/** Follows it, and carries out what the person wants. */
export interface LanKeeper {
  readonly store: StoreApi<LanSlice>;
  load(): Promise<void>;
  /** Resolves to null, or to why it did not work. */
  run<N extends AccessCommand>(name: N, input: CallInput<N>): Promise<string | null>;
  /** Resolves to the token, which is never to be had again. */
  createToken(input: CallInput<'lanCreateToken'>): Promise<Result<string>>;
  stop(): void;
}

/** Makes it, empty. */
export function createLanKeeper(client: Client): LanKeeper {
  const store = createStore<LanSlice>(() => ({ server: null, access: null }));
  const stop = client.subscribe((event) => {
    if (event.name === 'lanState') store.setState({ server: event.payload });
    else if (event.name === 'lanAccess') store.setState({ access: event.payload });
  });
  const take = (answer: Result<LanAccess>): string | null => {
    if (!answer.ok) return answer.message;
    store.setState({ access: answer.value });
    return null;
  };
  return {
    store,
    async load() {
      const [server, access] = await Promise.all([client.call('lanState', {}), client.call('lanAccess', {})]);
      store.setState({ ...(server.ok ? { server: server.value } : {}), ...(access.ok ? { access: access.value } : {}) });
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
