import { useEffect, useState } from 'react';
import type { CallInput } from '../../../shared/api/contract';
import type { ProcessTable } from '../../../shared/processes/process-schemas';
import { useApp } from '../../app/app-context';

/** Between two questions, ms of the batches' own time, which come each second and not to the millisecond. */
const PACE = 1900;

/** What the table shows. */
export interface ProcessesResult {
  /** The last that was told; null before. */
  readonly table: ProcessTable | null;
  /** The question it answers, as text: another order begins with another question. */
  readonly asked: string;
  /** Why the last question has no answer; null when it has. */
  readonly failure: string | null;
}

const NOTHING: ProcessesResult = { table: null, asked: '', failure: null };

/**
 * Processes as wished, asked for anew every two seconds while mounted and seen. Batches set the pace: a hidden page is
 * sent none, and neither is one whose monitoring is paused. `query` is compared by its text.
 */
export function useProcesses(query: CallInput<'processes'>): ProcessesResult {
  const app = useApp();
  const [answer, setAnswer] = useState<ProcessesResult>(NOTHING);
  const asked = JSON.stringify(query);
  useEffect(() => {
    const wish = JSON.parse(asked) as CallInput<'processes'>;
    let stopped = false;
    let waiting = false;
    let askedAt = app.live.getState().time;
    const load = async (): Promise<void> => {
      waiting = true;
      const result = await app.client.call('processes', wish);
      waiting = false;
      if (stopped) return;
      setAnswer((before) => (result.ok ? { table: result.value, asked, failure: null } : { ...before, failure: result.message }));
    };
    const stop = app.follow({
      onBatch: ({ time }) => {
        if (waiting || Math.abs(time - askedAt) < PACE) return;
        askedAt = time;
        void load();
      },
      onGap: () => undefined,
    });
    void load();
    return () => {
      stopped = true;
      stop();
    };
  }, [app, asked]);
  return answer;
}
