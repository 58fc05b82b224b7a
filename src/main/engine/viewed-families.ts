/** Which metric families are shown, over all windows and browsers: these are sampled faster. */
import type { FamilyId } from '../../shared/metrics/index';

/** Tracks the families each caller shows. */
export interface ViewedFamilies {
  set(caller: string, families: readonly FamilyId[]): void;
  /** Called when a window was closed or a browser disconnected. */
  drop(caller: string): void;
}

/** Creates it; `onChange` gets the union over all callers after each change. */
export function createViewedFamilies(onChange: (viewed: ReadonlySet<FamilyId>) => void): ViewedFamilies {
  const byCaller = new Map<string, readonly FamilyId[]>();
  const emit = (): void => onChange(new Set([...byCaller.values()].flat()));
  return {
    set(caller, families) {
      byCaller.set(caller, families);
      emit();
    },
    drop(caller) {
      if (byCaller.delete(caller)) emit();
    },
  };
}
