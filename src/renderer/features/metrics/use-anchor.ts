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
 * Scrolls to the family of the address: at once, and again when it and everything above it have their heights. Returns a function for a
 * family whose chart was clicked: its place is where the user looks.
 */
export function useAnchor(family: FamilyId, families: readonly FamilyId[], histories: StoreApi<Histories>): (seen: FamilyId) => void {
  const index = families.indexOf(family);
  const reached = useRef<FamilyId | null>(index <= 0 ? family : null);
  const isSettled = useStore(histories, (state) => areLoaded(state, families.slice(0, index + 1)));
  useEffect(() => {
    if (reached.current === family) return;
    scrollToFamily(family, index <= 0);
    if (isSettled) reached.current = family;
  }, [family, index, isSettled]);
  return useCallback((seen: FamilyId) => {
    reached.current = seen;
  }, []);
}
