import { useState } from 'react';
import { useAlerts, useApp, useCan } from '../../app/app-context';
import { NEW_RULE } from '../../lib/route';
import { snoozeFor, formatUntil } from './snooze-text';
import { OpenIncidents } from './open-incidents';
import { PageHead } from '../../ui/page-head';
import { PastIncidents } from './past-incidents';
import { RuleEditor } from './rule-editor';
import { RuleTable } from './rule-table';
import { SnoozeMenu } from './snooze-menu';
import { Snoozes } from './snooze-list';
import { useRules } from './use-rules';
import './alerts.css';

const ALL = { kind: 'all' } as const;

/** Silences everything, or ends that. */
function SnoozeAll() {
  const { alerts } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const snooze = useAlerts(({ state }) => snoozeFor(state, ALL));
  const can = useCan('unsnooze');
  return (
    <div className="snooze-all">
      {failure !== null && (
        <span className="field-error" role="alert">
          {failure}
        </span>
      )}
      {snooze === undefined ? (
        <SnoozeMenu label="Snooze everything" target={ALL} onDone={setFailure} />
      ) : (
        <>
          <span className="quiet">Everything is snoozed {formatUntil(snooze)}</span>
          {can && (
            <button type="button" onClick={() => void alerts.unsnooze(ALL).then(setFailure)}>
              End snooze
            </button>
          )}
        </>
      )}
    </div>
  );
}

/** What is wrong now and was wrong lately, and the rules that say so. `rule` names the one that is edited. */
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
      <Snoozes />
      <RuleTable />
      <PastIncidents rules={rules} />
    </div>
  );
}
