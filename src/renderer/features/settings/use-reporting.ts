/** How this machine reports to another Traywatch, and the commands that change it. */
import { useEffect, useState } from 'react';
import { problemText } from '../../../shared/api/problem-text';
import type { CallInput } from '../../../shared/api/contract';
import type { Reporting } from '../../../shared/machines/machine-schemas';
import type { Result } from '../../../shared/result';
import { useApp } from '../../app/app-context';

/** The state, null until it is known, and commands. Each resolves to null, or to a message why it failed. */
export interface ReportingActions {
  readonly state: Reporting | null;
  join(input: CallInput<'joinHub'>): Promise<string | null>;
  leave(): Promise<string | null>;
}

/** Loads the state and follows its changes. */
export function useReporting(): ReportingActions {
  const { client } = useApp();
  const [state, setState] = useState<Reporting | null>(null);
  const apply = (response: Result<Reporting>): string | null => {
    if (!response.ok) return problemText(response.message);
    setState(response.value);
    return null;
  };
  useEffect(() => {
    let stopped = false;
    const unsubscribe = client.subscribe((event) => {
      if (event.name === 'reporting') setState(event.payload);
    });
    void client.call('reporting', {}).then((response) => {
      if (!stopped && response.ok) setState(response.value);
    });
    return () => {
      stopped = true;
      unsubscribe();
    };
  }, [client]);
  return {
    state,
    join: async (input) => apply(await client.call('joinHub', input)),
    leave: async () => apply(await client.call('leaveHub', {})),
  };
}
