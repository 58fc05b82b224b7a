/**
 * The Overview page: the state of the machine in one line with the open alerts, and a card for each metric group with its
 * current values and a sparkline. It uses no chart library, so that it opens at once.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx imports it,
 * and main.tsx its styles, metric-card.css; charts, ui, data, lib, theme and worker must not.
 */
import { lazy, Suspense } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { GettingStartedStep } from '../../../shared/settings/getting-started';
import { useAppState, useCan, useLive } from '../../app/app-context';
import { useAbsentFamilies } from '../../app/staleness';
import { OpenAlerts, Summary } from './headline';
import { MetricCard } from './metric-card';
import { PageHead } from '../../ui/page-head';

// Only a first start has it.
const GettingStarted = lazy(() => import('./getting-started').then((module) => ({ default: module.GettingStarted })));

const NO_STEPS: readonly GettingStartedStep[] = [];

/** The card of the first start, at the machine itself, for as long as a step is left. */
function FirstSteps() {
  const steps = useAppState(({ state }) => state?.settings.gettingStarted ?? NO_STEPS);
  if (!useCan('testNotification') || steps.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <GettingStarted steps={steps} />
    </Suspense>
  );
}

const isOptional = (id: FamilyId): boolean => familyOf(id).optional !== undefined;
const OPTIONAL = FAMILY_IDS.filter(isOptional);

/** The metric groups that this machine does not have. */
function Absent({ ids }: { readonly ids: readonly FamilyId[] }) {
  if (ids.length === 0) return null;
  return (
    <p className="absent">
      Not available on this machine: {ids.map((id) => familyOf(id).label).join(', ')}
    </p>
  );
}

/** The optional metric groups of which there is something; the same array as long as they are the same. */
function useOptional(): readonly FamilyId[] {
  return useLive(useShallow(({ readings, lastKnown }) => OPTIONAL.filter((id) => Object.keys((readings[id] ?? lastKnown[id]?.reading)?.devices ?? {}).length > 0)));
}

/** The page: summary, open alerts, cards of the metric groups that exist, and a list of those that do not. */
export function OverviewPage() {
  const absent = useAbsentFamilies();
  const optional = useOptional();
  return (
    <>
      <PageHead title="Overview">
        <Summary />
      </PageHead>
      <OpenAlerts />
      <FirstSteps />
      <div className="cards">
        {FAMILY_IDS.filter((id) => (isOptional(id) ? optional.includes(id) : !absent.includes(id))).map((id) => (
          <MetricCard key={id} id={id} />
        ))}
      </div>
      <Absent ids={absent.filter((id) => !isOptional(id))} />
    </>
  );
}
