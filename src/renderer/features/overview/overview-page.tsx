import { machineSeverity } from '../../../shared/metrics/assess';
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useShallow } from 'zustand/react/shallow';
import { useLive } from '../../app/app-context';
import { presenceOf } from '../../lib/card-model';
import { familyLink } from '../../lib/route';
import { MetricCard } from './metric-card';
import { PageHead } from '../../ui/page-head';
import { SeverityIcon } from '../../ui/severity-icon';

/** The state of the machine in one line. */
function Summary() {
  // Told as one string, so that this line renders again only when it says something else.
  const told = useLive((state) => {
    const { severity, family } = machineSeverity(state);
    return `${severity}|${family ?? ''}`;
  });
  const failed = useLive((state) =>
    FAMILY_IDS.filter((id) => state.faults[id] !== undefined)
      .map((id) => familyOf(id).label)
      .join(', '),
  );
  const [severity = 'unknown', family = ''] = told.split('|');
  if (severity === 'warning' || severity === 'critical') {
    const id = family as FamilyId;
    return (
      <output className="summary">
        <SeverityIcon severity={severity} />
        <span>
          <a href={familyLink(id)}>{familyOf(id).label}</a>: {severity}
        </span>
      </output>
    );
  }
  if (failed !== '') {
    return (
      <output className="summary">
        <SeverityIcon severity="unknown" />
        Could not be read: {failed}
      </output>
    );
  }
  return (
    <output className="summary">
      <SeverityIcon severity={severity === 'healthy' ? 'healthy' : 'unknown'} />
      {severity === 'healthy' ? 'All is well' : 'Collecting the first readings…'}
    </output>
  );
}

/** What this machine does not have, in one quiet line. */
function Absent({ ids }: { readonly ids: readonly FamilyId[] }) {
  if (ids.length === 0) return null;
  return (
    <p className="absent">
      Not available on this machine: {ids.map((id) => familyOf(id).label).join(', ')}
    </p>
  );
}

/** A card for every family the machine has. */
export function OverviewPage() {
  const absent = useLive(useShallow((state) => FAMILY_IDS.filter((id) => presenceOf(state.readings[id], state.faults[id]) === 'absent')));
  return (
    <>
      <PageHead title="Overview">
        <Summary />
      </PageHead>
      <div className="cards">
        {FAMILY_IDS.filter((id) => !absent.includes(id)).map((id) => (
          <MetricCard key={id} id={id} />
        ))}
      </div>
      <Absent ids={absent} />
    </>
  );
}
