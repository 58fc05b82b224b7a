/**
 * The Alerts page: open alerts, snoozes, rules and past alerts, and the editor of one rule.
 *
 * May import app/, charts/, ui/, data/, lib/ and theme/ of the renderer and src/shared. Imports no other feature; only the
 * frame imports this file, and loads it when the page is first shown.
 */
import { useState } from 'react';
import { useAlerts, useApp, useCan } from '../../app/app-context';
import { NEW_RULE } from '../../lib/route';
import { snoozeFor, formatUntil } from './snooze-text';
import { OpenIncidents } from './open-incidents';
import { PageHead } from '../../ui/page-head';
import { PastIncidents } from './past-incidents';
import { RuleEditor } from './rule-editor';
import { RuleTable } from './rule-table';
import { SnoozeMenu } from '../../app/snooze-menu';
import { SnoozeList } from './snooze-list';
import { useRules } from './use-rules';
import './alerts.css';

const ALL_ALERTS = { kind: 'all' } as const;

/** Snoozes all alerts, or ends that snooze. */
function SnoozeAll() {
  const { alerts } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const snooze = useAlerts(({ state }) => snoozeFor(state, ALL_ALERTS));
  const can = useCan('unsnooze');
  return (
    <div className="snooze-all">
      {failure !== null && (
        <span className="field-error" role="alert">
          {failure}
        </span>
      )}
      {snooze === undefined ? (
        <SnoozeMenu label="Snooze all" target={ALL_ALERTS} onDone={setFailure} />
      ) : (
        <>
          <span className="quiet">All alerts snoozed {formatUntil(snooze)}</span>
          {can && (
            <button type="button" onClick={() => void alerts.unsnooze(ALL_ALERTS).then(setFailure)}>
              End snooze
            </button>
          )}
        </>
      )}
    </div>
  );
}

/** The Alerts page. `rule` is the id of the rule that is edited, NEW_RULE for a new one, undefined for the lists. */
export function AlertsPage({ rule }: { readonly rule: string | undefined }) {
  const { rules } = useRules();
  const can = useCan('updateSettings');
  if (rule !== undefined && can) {
    const found = rules.find(({ id }) => id === rule);
    if (found !== undefined || rule === NEW_RULE) return <RuleEditor key={rule} rule={found ?? null} />;
  }
  return (
    <div className="text-page alerts-page">
      <PageHead title="Alerts">
        <SnoozeAll />
      </PageHead>
      <OpenIncidents rules={rules} />
      <SnoozeList />
      <RuleTable />
      <PastIncidents rules={rules} />
    </div>
  );
}
