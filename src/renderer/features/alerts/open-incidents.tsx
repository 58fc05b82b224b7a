/** The section of open alerts. */
import type { Rule } from '../../../shared/alerts/rule';
import { useAlerts } from '../../app/app-context';
import { openAlertsText } from '../../app/machine-status';
import { PageAsOf } from '../../app/staleness';
import { OpenIncidentList } from '../../app/open-incident-list';

/** Every open alert, with what can be done about it. */
export function OpenIncidents({ rules }: { readonly rules: readonly Rule[] }) {
  const open = useAlerts(({ state }) => state?.incidents ?? null);
  const active = rules.filter(({ enabled }) => enabled).length;
  return (
    <section className="section" aria-label="Open alerts">
      <h2>Open alerts {open !== null && open.length > 0 && <span className="quiet">{open.length}</span>} <PageAsOf /></h2>
      {open === null && <p className="section-empty">Loading…</p>}
      {open?.length === 0 && (
        <p className="section-empty">
          {openAlertsText(open)}. {active === 1 ? '1 rule' : `${active} rules`} active.
        </p>
      )}
      {open !== null && open.length > 0 && <OpenIncidentList open={open} rules={rules} />}
    </section>
  );
}
