/**
 * A page of metric groups, one under the other over one range: charts with annotations, comparison and export, the processes at
 * a picked time, statistics, and tables of the devices; and the same of one device alone.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx imports it,
 * lazily, because it loads the chart library; charts, ui, data, lib, theme and worker must not.
 */
import { useCallback, useMemo, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { familiesOn, familyOf, partLabel } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { METRIC_PAGES } from '../../../shared/metrics/pages';
import { useLive } from '../../app/app-context';
import { useAbsentFamilies } from '../../app/staleness';
import { createCursor } from '../../charts/chart-cursor';
import type { CursorStore } from '../../charts/chart-cursor';
import { PartOfPage } from '../../ui/heading';
import { AbsentFamily } from './absent-family';
import { DevicePage } from './device-page';
import { FamilySection } from './family-section';
import { createHistories, joined } from './histories';
import type { Histories } from './histories';
import { IncidentBar } from './incident-bar';
import { MetricToolbar } from './metric-toolbar';
import { FamilyHead, PageHeadline } from './page-headline';
import { useAnchor } from './use-anchor';
import { useAnnotations } from './use-annotations';
import { useLinkedIncident } from './use-linked-incident';
import { useRanges } from './use-ranges';
import type { MetricAddress, Ranges } from './use-ranges';
import '../../charts/charts.css';
import '../../ui/tables.css';
import './annotations.css';
import './families.css';

/** The families of the page: those with charts, and those that this machine lacks, of which earlier values may be asked for. */
function useFamilies({ family, range, at }: MetricAddress) {
  const families = familiesOn(familyOf(family).page);
  const lacking = useAbsentFamilies();
  const [earlier, setEarlier] = useState<readonly FamilyId[]>([]);
  // A time in the past was asked for, of the family of the address.
  const past = range.kind === 'fixed' || at !== undefined ? family : null;
  const shown = useMemo(() => families.filter((id) => !lacking.includes(id) || earlier.includes(id) || id === past), [families, lacking, earlier, past]);
  const showEarlier = useCallback((id: FamilyId) => setEarlier((ids) => [...ids, id]), []);
  return { families, shown, absent: families.filter((id) => !shown.includes(id)), showEarlier };
}

interface ToolbarProps extends Pick<MetricAddress, 'range' | 'compare'> {
  readonly title: string;
  readonly ranges: Ranges;
  readonly cursor: CursorStore;
  readonly histories: StoreApi<Histories>;
  readonly families: readonly FamilyId[];
}

/** One toolbar for all families. */
function PageToolbar({ title, range, compare, ranges, cursor, histories, families }: ToolbarProps) {
  const loaded = useStore(histories);
  const history = useMemo(() => joined(loaded, families), [loaded, families]);
  const { now, choose, goLive, onCompare, onUndo } = ranges;
  return <MetricToolbar {...{ title, compare, history, cursor, now, onCompare, onUndo }} choice={range} onChoose={choose} onLive={goLive} />;
}

/** The page on which a family stands, or that of one of its devices, with what else is known of that. */
export function MetricPage({ children, ...address }: MetricAddress & { readonly children?: ReactNode }) {
  const { device } = address;
  return device === undefined ? <FamiliesPage {...address} /> : <DevicePage address={{ ...address, device }}>{children}</DevicePage>;
}

function FamiliesPage(address: MetricAddress) {
  const { family, range, compare, at } = address;
  const { page } = familyOf(family);
  const { families, shown, absent, showEarlier } = useFamilies(address);
  const anchor = shown.includes(family) ? family : shown[0];
  const [cursor] = useState(createCursor);
  const [histories] = useState(createHistories);
  const started = useLive((state) => state.time > 0);
  const annotations = useAnnotations(families, range, started);
  const ranges = useRanges(address);
  const linked = useLinkedIncident(address);
  const onSeen = useAnchor(family, shown, absent, histories);
  const { pick } = ranges;
  const onPick = useCallback(
    (time: number, of: FamilyId) => {
      onSeen(of);
      pick(time, of);
    },
    [onSeen, pick],
  );
  const isAlone = families.length === 1;
  const sectionOf = (id: FamilyId): ReactElement => (
    <FamilySection key={id} family={id} families={shown} {...{ range, compare, ranges, cursor, histories, annotations, onPick }} at={at ?? null} onUnpick={ranges.unpick} linked={id === family ? linked : null} hasProcesses={id === anchor} />
  );
  return (
    <>
      <PageHeadline page={page} families={shown} range={range} compare={compare} />
      {linked !== null && <IncidentBar incident={linked} />}
      {shown.length > 0 && <PageToolbar title={METRIC_PAGES[page]} families={shown} {...{ range, compare, ranges, cursor, histories }} />}
      {isAlone
        ? shown.map(sectionOf)
        : shown.map((id) => (
            <section key={id} className="family" aria-label={partLabel(id)}>
              <FamilyHead family={id} />
              <PartOfPage>{sectionOf(id)}</PartOfPage>
            </section>
          ))}
      {absent.map((id) => (
        <AbsentFamily key={id} family={id} isAlone={isAlone} onShow={showEarlier} />
      ))}
    </>
  );
}
