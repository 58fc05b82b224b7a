import { useEffect, useState } from 'react';
import type { FamilyId } from '../../../shared/metrics/index';
import type { TopProcesses } from '../../../shared/processes/process-schemas';
import { useApp } from '../../app/app-context';
import type { RangeChoice } from '../../lib/range';
import { createAnnotations, NO_ANNOTATIONS } from './annotations';
import type { AnnotationsState } from './annotations';

/** What happened in the range of a family's charts, kept up while mounted. `choice` is compared by its text. */
export function useAnnotations(family: FamilyId, choice: RangeChoice, started: boolean): AnnotationsState {
  const app = useApp();
  const [state, setState] = useState(NO_ANNOTATIONS);
  const asked = JSON.stringify(choice);
  useEffect(() => {
    if (!started) return undefined;
    const annotations = createAnnotations(app.client, family, JSON.parse(asked) as RangeChoice, () => app.live.getState().time);
    const stopStore = annotations.store.subscribe(setState);
    const stopBatches = app.follow({ onBatch: () => undefined, onGap: () => void annotations.load() });
    void annotations.load();
    return () => {
      annotations.stop();
      stopStore();
      stopBatches();
    };
  }, [app, family, asked, started]);
  return state;
}

/** What is known of the processes at a moment: null while it is asked, a message where it cannot be had. */
export type SnapshotResult = { readonly look: TopProcesses | null } | { readonly failure: string } | null;

/** The stored look nearest to a moment, within `reach` ms; asked again when `seen` changes. No question where `at` is null. */
export function useProcessSnapshot(at: number | null, reach: number, seen: number): SnapshotResult {
  const { client } = useApp();
  const [answer, setAnswer] = useState<{ readonly at: number; readonly answer: NonNullable<SnapshotResult> } | null>(null);
  const asked = JSON.stringify({ at, reach, seen });
  useEffect(() => {
    const wanted = JSON.parse(asked) as { at: number | null; reach: number };
    if (wanted.at === null) return undefined;
    const { at: moment, reach: away } = { ...wanted, at: wanted.at };
    let gone = false;
    void client.call('processSnapshots', { from: Math.max(0, moment - away), to: moment + away, limit: 1 }).then((found) => {
      if (!gone) setAnswer({ at: moment, answer: found.ok ? { look: found.value[0] ?? null } : { failure: found.message } });
    });
    return () => {
      gone = true;
    };
  }, [client, asked]);
  return at !== null && answer?.at === at ? answer.answer : null;
}
