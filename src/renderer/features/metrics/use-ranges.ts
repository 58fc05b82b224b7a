/** Range, comparison and picked time of a metric page, which are in its address. */
import { useCallback, useEffect, useMemo } from 'react';
import type { FamilyId } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { fixedRange } from '../../lib/range';
import type { RangeChoice, TimeWindow } from '../../lib/range';
import type { Compare } from '../../lib/route';

/** What the address of a metric page says. */
export interface MetricAddress {
  readonly family: FamilyId;
  readonly range: RangeChoice;
  readonly compare: Compare | undefined;
  /** The time that was picked, epoch ms. */
  readonly at: number | undefined;
  /** Id of the alert whose link led here. */
  readonly incident?: string | undefined;
  /** The page is of this device alone. */
  readonly device?: string | undefined;
}

/** Commands that change it. They stay the same functions as long as the address is the same. */
export interface Ranges {
  /** Time of the latest batch, epoch ms. */
  readonly now: () => number;
  readonly choose: (choice: RangeChoice) => void;
  readonly goLive: () => void;
  readonly zoom: (window: TimeWindow) => void;
  /** Picks a time in a chart of the family. */
  readonly pick: (time: number, family: FamilyId) => void;
  readonly unpick: () => void;
  readonly onCompare: (compare: Compare | undefined) => void;
  readonly onUndo: () => void;
}

/** Escape clears the picked time, then returns to live. */
function useEscape(at: number | undefined, isFixed: boolean, { unpick, goLive }: Ranges): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      if (at !== undefined) unpick();
      else if (isFixed) goLive();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isFixed, goLive, at, unpick]);
}

/** The commands of the page at this address. */
export function useRanges({ family, range, compare, at, incident, device }: MetricAddress): Ranges {
  const { router, live } = useApp();
  const show = useCallback(
    (choice: RangeChoice, other: Compare | undefined, picked: { readonly family: FamilyId; readonly at?: number }) => {
      // A live range leaves the alert whose link led here.
      const linked = incident === undefined || choice.kind === 'live' ? {} : { incident };
      router.go({ page: 'family', range: choice, ...(other === undefined ? {} : { compare: other }), ...picked, ...linked, ...(device === undefined ? {} : { device }) });
    },
    [router, incident, device],
  );
  const ranges = useMemo((): Ranges => {
    const now = (): number => live.getState().time;
    const choose = (choice: RangeChoice): void => show(choice, compare, { family });
    return {
      now,
      choose,
      goLive: () => choose({ kind: 'live', span: range.span }),
      zoom: ({ from, to }) => choose(fixedRange(from, to, range.span, now())),
      pick: (time, of) => show(range, compare, { family: of, at: Math.round(time) }),
      unpick: () => show(range, compare, { family }),
      onCompare: (other) => show(range, other, { family }),
      onUndo: router.back,
    };
  }, [show, family, range, compare, live, router]);
  useEscape(at, range.kind === 'fixed', ranges);
  return ranges;
}
