/** The page of a metric group that this machine lacks: why, and a way to what was kept of the time when it had it. */
import { useEffect, useState } from 'react';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { useFamilyState } from '../../app/staleness';
import { queryStats } from '../../data/history-queries';
import { windowOf } from '../../lib/range';
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

/** The empty state. `onShow` shows the charts of earlier values. */
export function AbsentFamily({ family, onShow }: { readonly family: FamilyId; readonly onShow: () => void }) {
  const { label, absence } = familyOf(family);
  const { reading } = useFamilyState(family);
  const hasHistory = useHasHistory(family);
  return (
    <>
      <header className="page-head detail-head">
        <h1>{label}</h1>
      </header>
      <section className="empty-state">
        <h2>Not available on this machine</h2>
        {/* What is known of this machine says more than what is usual. */}
        <p>{reading?.note ?? absence ?? 'The system reports nothing of this kind.'}</p>
        {hasHistory && (
          <button type="button" onClick={onShow}>
            Show earlier values
          </button>
        )}
      </section>
    </>
  );
}
