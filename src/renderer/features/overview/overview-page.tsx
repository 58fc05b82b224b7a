/**
 * The Overview page: the state of the machine in one line with the open alerts, and a card for each metric group with its
 * current values and a sparkline. It uses no chart library, so that it opens at once.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx imports it,
 * and main.tsx its styles, metric-card.css; charts, ui, data, lib, theme and worker must not.
 */
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useAbsentFamilies } from '../../app/staleness';
import { OpenAlerts, Summary } from './headline';
import { MetricCard } from './metric-card';
import { PageHead } from '../../ui/page-head';

/** The metric groups that this machine does not have. */
function Absent({ ids }: { readonly ids: readonly FamilyId[] }) {
  if (ids.length === 0) return null;
  return (
    <p className="absent">
      Not available on this machine: {ids.map((id) => familyOf(id).label).join(', ')}
    </p>
  );
}

/** The page: summary, open alerts, cards of the metric groups that exist, and a list of those that do not. */
export function OverviewPage() {
  const absent = useAbsentFamilies();
  return (
    <>
      <PageHead title="Overview">
        <Summary />
      </PageHead>
      <OpenAlerts />
      <div className="cards">
        {FAMILY_IDS.filter((id) => !absent.includes(id)).map((id) => (
          <MetricCard key={id} id={id} />
        ))}
      </div>
      <Absent ids={absent} />
    </>
  );
}
