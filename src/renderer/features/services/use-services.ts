/** The services, how they are set up, and commands that change them. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { problemText } from '../../../shared/api/problem-text';
import type { Service, ServiceConfig, ServiceList } from '../../../shared/services/service-schemas';
import { useApp, useCan } from '../../app/app-context';

/** Time after a planned probe at which its result is asked for, and between two questions, ms. */
const AFTER_PROBE = 1500;
const BETWEEN = 2000;

interface Loaded<T> {
  readonly value: T | null;
  /** Why there is none; null where there is one, or it is still waited for. */
  readonly failure: string | null;
  reload(): void;
}

function soonest(list: ServiceList | null): number {
  return Math.min(...(list?.services ?? []).map(({ nextAt }) => nextAt ?? Infinity));
}

/** All services with their states, kept up to date: asked for after each reading of the family, and after each planned probe. */
export function useServiceList(): Loaded<ServiceList> {
  const app = useApp();
  const [value, setValue] = useState<ServiceList | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    let list: ServiceList | null = null;
    let askedAt = 0;
    let turn = 0;
    const load = async (): Promise<void> => {
      const mine = (turn += 1);
      askedAt = app.live.getState().time;
      const response = await app.client.call('services', {});
      // An answer to an earlier question may come later.
      if (mine !== turn) return;
      setFailure(response.ok ? null : problemText(response.message));
      if (!response.ok) return;
      list = response.value;
      setValue(list);
    };
    const ask = (): void => void load();
    again.current = ask;
    ask();
    const stop = app.follow({
      onBatch: ({ time, readings }) => {
        const isProbed = time > soonest(list) + AFTER_PROBE && Math.abs(time - askedAt) >= BETWEEN;
        if (readings.service !== undefined || isProbed) ask();
      },
      onGap: ask,
    });
    return () => {
      turn += 1;
      stop();
    };
  }, [app]);
  return { value, failure, reload: () => again.current() };
}

/** How the services are set up; always null for those who may not know. */
export function useServiceConfigs(): Loaded<readonly ServiceConfig[]> & { readonly set: (configs: readonly ServiceConfig[]) => void } {
  const { client } = useApp();
  const can = useCan('serviceConfigs');
  const [value, set] = useState<readonly ServiceConfig[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const reload = useCallback(() => {
    if (!can) return;
    void client.call('serviceConfigs', {}).then((response) => {
      setFailure(response.ok ? null : problemText(response.message));
      if (response.ok) set(response.value);
    });
  }, [client, can]);
  useEffect(reload, [reload]);
  return { value, failure, reload, set };
}

/** What was done last, and how to undo it. */
export interface Undo {
  readonly message: string;
  /** Null where it cannot be undone. */
  readonly run: (() => Promise<string | null>) | null;
}

/** Commands. Each resolves to null, or to a message why it failed. */
export interface ServiceActions {
  save(service: Service, secrets: Record<string, string>): Promise<string | null>;
  remove(id: string): Promise<string | null>;
  export(): Promise<string | null>;
  import(): Promise<string | null>;
}

type Response<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const countText = (count: number): string => `${count} ${count === 1 ? 'service' : 'services'}`;

/** "1 service added, 2 replaced. Nothing else was changed." */
export function importedText(added: number, replaced: number): string {
  if (added + replaced === 0) return 'Nothing was imported.';
  const parts = [added === 0 ? '' : `${countText(added)} added`, replaced === 0 ? '' : `${added === 0 ? countText(replaced) : replaced} replaced`].filter((text) => text !== '');
  return `${parts.join(', ')}. Secrets are not in the file: enter those that are missing.`;
}

/** The state of the page: what is set up, what was done last, and the commands. `onChanged` is called after each change. */
export function useServiceActions({ value: configs, set }: ReturnType<typeof useServiceConfigs>, onChanged: () => void) {
  const { client } = useApp();
  const [undo, setUndo] = useState<Undo | null>(null);
  const apply = (response: Response<readonly ServiceConfig[]>, done: Undo | null): string | null => {
    if (!response.ok) return problemText(response.message);
    set(response.value);
    setUndo(done);
    onChanged();
    return null;
  };
  const before = configs ?? [];
  /** Sets services up as they were, and removes those that were not there. */
  const restore = async (services: readonly Service[], added: readonly string[]): Promise<string | null> => {
    let last: Response<readonly ServiceConfig[]> = { ok: true, value: before };
    for (const service of services) if (last.ok) last = await client.call('saveService', { service, secrets: {} });
    for (const id of added) if (last.ok) last = await client.call('removeService', { id });
    const stored = new Map(last.ok ? last.value.map((config) => [config.service.id, config.storedSecrets.length]) : []);
    const isMissing = before.some(({ service, storedSecrets }) => services.some(({ id }) => id === service.id) && storedSecrets.length > (stored.get(service.id) ?? 0));
    return apply(last, isMissing ? { message: 'Restored. Its secrets were deleted: enter them again.', run: null } : null);
  };
  const nameOf = (id: string): string => before.find(({ service }) => service.id === id)?.service.name ?? id;
  const actions: ServiceActions = {
    save: async (service, secrets) => {
      const isNew = !before.some(({ service: { id } }) => id === service.id);
      return apply(await client.call('saveService', { service, secrets }), { message: `“${service.name}” ${isNew ? 'added' : 'changed'}.`, run: null });
    },
    remove: async (id) => {
      const removed = before.filter(({ service }) => service.id === id).map(({ service }) => service);
      return apply(await client.call('removeService', { id }), { message: `“${nameOf(id)}” removed. Its history stays.`, run: () => restore(removed, []) });
    },
    export: async () => {
      const response = await client.call('exportServices', {});
      if (!response.ok) return problemText(response.message);
      if (response.value.path !== null) setUndo({ message: `Saved as ${response.value.path}, without secrets.`, run: null });
      return null;
    },
    import: async () => {
      const response = await client.call('importServices', {});
      if (!response.ok) return problemText(response.message);
      const { added, replaced, configs: after } = response.value;
      const ids = new Set(before.map(({ service }) => service.id));
      const undoImport = () => restore(before.map(({ service }) => service), after.map(({ service }) => service.id).filter((id) => !ids.has(id)));
      return apply({ ok: true, value: after }, { message: importedText(added, replaced), run: added + replaced === 0 ? null : undoImport });
    },
  };
  return { undo, actions };
}
