/** A metric group that this machine lacks: why, and a way to what was kept of the time when it had it. */
import { useEffect, useState } from 'react';
import { familyOf, partLabel, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { useFamilyState } from '../../app/staleness';
import { queryStats } from '../../data/history-queries';
import { windowOf } from '../../lib/range';
import { anchorOf } from './use-anchor';
import './stale-edge.css';

/** Whether the history holds a value of the group's main metric; false until that is known. */
function useHasHistory(family: FamilyId): boolean {
  const { client, live } = useApp();
  const [found, setFound] = useState(false);
  useEffect(() => {
    let stopped = false;
    const key = seriesKey(family, familyOf(family).headline);
    void queryStats(client, [key], windowOf({ kind: 'live', span: '2y' }, live.getState().time)).then((stats) => {
      if (!stopped) setFound((stats?.[key]?.count ?? 0) > 0);
    });
    return () => {
      stopped = true;
    };
  }, [client, live, family]);
  return found;
}

interface AbsentFamilyProps {
  readonly family: FamilyId;
  /** It is the only family of its page, whose head names it. */
  readonly isAlone: boolean;
  /** Shows the charts of earlier values. */
  readonly onShow: (family: FamilyId) => void;
}

/** The empty state of a page, or of a part of one. */
export function AbsentFamily({ family, isAlone, onShow }: AbsentFamilyProps) {
  const label = partLabel(family);
  const { absence } = familyOf(family);
  const { reading } = useFamilyState(family);
  const hasHistory = useHasHistory(family);
  const title = 'Not available on this machine';
  return (
    <section className="empty-state" id={anchorOf(family)} {...(isAlone ? {} : { 'aria-label': label })}>
      <h2>{isAlone ? title : label}</h2>
      {/* What is known of this machine says more than what is usual. */}
      <p>
        {!isAlone && `${title}. `}
        {reading?.note ?? absence ?? 'The system reports nothing of this kind.'}
      </p>
      {hasHistory && (
        <button type="button" onClick={() => onShow(family)}>
          Show earlier values
        </button>
      )}
    </section>
  );
}
