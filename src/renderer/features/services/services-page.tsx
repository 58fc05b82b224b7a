/**
 * The page of services. It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx
 * imports it, lazily.
 */
import { familyOf } from '../../../shared/metrics/index';
import { PageHead } from '../../ui/page-head';

/** The page: all services. */
export function ServicesPage() {
  return (
    <>
      <PageHead title={familyOf('service').label} />
    </>
  );
}
