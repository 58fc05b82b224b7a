/** Hooks for the annotations and process snapshots of a metric page. */
import { useEffect, useState } from 'react';
import type { FamilyId } from '../../../shared/metrics/index';
import type { TopProcesses } from '../../../shared/processes/process-schemas';
import { useApp } from '../../app/app-context';
import type { RangeChoice } from '../../lib/range';
import { createAnnotations, NO_ANNOTATIONS } from './annotations';
import type { AnnotationsState } from './annotations';

/** Annotations of a page's charts, or of those of one device, updated while mounted. `families` must stay the same array; `choice` is compared by value. */
export function useAnnotations(families: readonly FamilyId[], choice: RangeChoice, started: boolean, device?: string): AnnotationsState {
  const app = useApp();
  const [state, setState] = useState(NO_ANNOTATIONS);
  const queryKey = JSON.stringify(choice);
  useEffect(() => {
    if (!started) return undefined;
    const annotations = createAnnotations(app.client, families, JSON.parse(queryKey) as RangeChoice, () => app.live.getState().time, device);
    const stopStore = annotations.store.subscribe(setState);
    const stopBatches = app.follow({ onBatch: () => undefined, onGap: () => void annotations.load() });
    void annotations.load();
    return () => {
      annotations.stop();
      stopStore();
      stopBatches();
    };
  }, [app, families, device, queryKey, started]);
  return state;
}

/** A process snapshot: null while loading, `failure` if the query failed, `snapshot` null if there is none near enough. */
export type SnapshotResult = { readonly snapshot: TopProcesses | null } | { readonly failure: string } | null;

/** The stored snapshot nearest to a time, within `reach` ms; queried again when `revision` changes. No query if `at` is null. */
export function useProcessSnapshot(at: number | null, reach: number, revision: number): SnapshotResult {
  const { client } = useApp();
  const [loaded, setLoaded] = useState<{ readonly at: number; readonly result: NonNullable<SnapshotResult> } | null>(null);
  const queryKey = JSON.stringify({ at, reach, revision });
  useEffect(() => {
    const { at: time, reach: distance } = JSON.parse(queryKey) as { at: number | null; reach: number };
    if (time === null) return undefined;
    let stopped = false;
    void client.call('processSnapshots', { from: Math.max(0, time - distance), to: time + distance, limit: 1 }).then((response) => {
      if (!stopped) setLoaded({ at: time, result: response.ok ? { snapshot: response.value[0] ?? null } : { failure: response.message } });
    });
    return () => {
      stopped = true;
    };
  }, [client, queryKey]);
  return at !== null && loaded?.at === at ? loaded.result : null;
}
