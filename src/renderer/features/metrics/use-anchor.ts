/** Where on a metric page the family of its address begins, and how the page gets there. */
import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { FamilyId } from '../../../shared/metrics/index';
import { areLoaded } from './histories';
import type { Histories } from './histories';

/** Id of the element with which a family begins. */
export function anchorOf(family: FamilyId): string {
  return `family-${family}`;
}

/** Scrolls to the beginning of a family; of the first to the top of the page. */
export function scrollToFamily(family: FamilyId, isFirst: boolean): void {
  const element = document.getElementById(anchorOf(family));
  if (isFirst) element?.closest('main')?.scrollTo({ top: 0 });
  else element?.scrollIntoView({ block: 'start' });
}

/**
 * Scrolls to the family of the address: at once, and again when it and everything above it have their heights. `shown` have
 * charts; `absent`, below them, a sentence. Returns a function for a family whose chart was clicked: its place is where the
 * user looks.
 */
export function useAnchor(family: FamilyId, shown: readonly FamilyId[], absent: readonly FamilyId[], histories: StoreApi<Histories>): (seen: FamilyId) => void {
  const isFirst = family === (shown[0] ?? absent[0]);
  const reached = useRef<FamilyId | null>(isFirst ? family : null);
  const above = shown.includes(family) ? shown.slice(0, shown.indexOf(family) + 1) : shown;
  const isSettled = useStore(histories, (state) => areLoaded(state, above));
  useEffect(() => {
    if (reached.current === family) return;
    scrollToFamily(family, isFirst);
    if (isSettled) reached.current = family;
  }, [family, isFirst, isSettled]);
  return useCallback((seen: FamilyId) => {
    reached.current = seen;
  }, []);
}
