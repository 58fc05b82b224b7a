/**
 * The page of containers: engines, and all containers with their values. It may import app, charts, ui, data, lib and src/shared, and
 * no other feature. Of the renderer only frame.tsx imports it, lazily.
 */
import { familyOf } from '../../../shared/metrics/index';
import { AsOf, FaultText, useFamilyState } from '../../app/staleness';
import { PageHead } from '../../ui/page-head';
import { ContainerOverview } from './container-overview';
import { countText } from './container-rows';
import { DiskPanel } from './disk-panel';
import { EngineList } from './engine-list';
import { useContainers } from './use-containers';
import '../../charts/charts.css';
import '../../ui/tables.css';
import './containers.css';

/** The page: all containers. */
export function ContainersPage() {
  const { list, failure } = useContainers();
  const { fault, stale } = useFamilyState('container');
  return (
    <>
      <PageHead title={familyOf('container').label}>
        {list !== null && list.containers.length > 0 && <span className="summary">{countText(list.containers)}</span>}
        {stale !== null && <AsOf at={stale.asOf} />}
      </PageHead>
      {fault !== undefined && <FaultText family="container" fault={fault} details />}
      {failure !== null && (
        <p className="page-empty" role="alert">
          Couldn’t load containers: {failure}
        </p>
      )}
      {list === null && failure === null && <p className="page-empty">Loading containers…</p>}
      {list !== null && (
        <>
          {list.engines.length > 0 && <EngineList engines={list.engines} />}
          <ContainerOverview list={list} />
          {list.engines.length > 0 && <DiskPanel engines={list.engines} />}
        </>
      )}
    </>
  );
}
