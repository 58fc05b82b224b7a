/** Which families somebody looks at, over all windows and viewers. */
import type { FamilyId } from '../../shared/metrics/index';

/** Keeps the wish of each caller and tells when their union changes. */
export interface ViewedFamilies {
  set(caller: string, families: readonly FamilyId[]): void;
  /** A window closed or a viewer left. */
  drop(caller: string): void;
}

/** Builds the keeper; `onChange` gets the union. */
export function createViewedFamilies(onChange: (viewed: ReadonlySet<FamilyId>) => void): ViewedFamilies {
  const wishes = new Map<string, readonly FamilyId[]>();
  const tell = (): void => onChange(new Set([...wishes.values()].flat()));
  return {
    set(caller, families) {
      wishes.set(caller, families);
      tell();
    },
    drop(caller) {
      if (wishes.delete(caller)) tell();
    },
  };
}
