/** Quiet hours, notifications, timeline length, and export and import of all alert settings. */
import { useState } from 'react';
import type { AlertsSettings } from '../../../shared/alerts/alert-settings';
import { formatCount } from '../../../shared/units';
import { useApp, useCan } from '../../app/app-context';
import { QuietHoursSection } from './quiet-hours-section';
import { SwitchSetting, TextSetting } from '../../app/setting-inputs';
import { WebhookSection } from './webhook-section';

/** Outcome of the last export or import. */
interface TransferStatus {
  readonly text: string;
  readonly failed: boolean;
  /** The settings before an import, to undo it; null where there is nothing to undo. */
  readonly before: AlertsSettings | null;
}

/** Exports all alert settings to a file and imports them. */
function ImportExport() {
  const { client, actions } = useApp();
  const [status, setStatus] = useState<TransferStatus | null>(null);
  const succeed = (text: string, before: AlertsSettings | null = null): void => setStatus({ text, failed: false, before });
  const fail = (text: string): void => setStatus({ text, failed: true, before: null });
  const save = async (): Promise<void> => {
    const response = await client.call('exportAlerts', {});
    if (!response.ok) fail(response.message);
    else if (response.value.path !== null) succeed(`Saved as ${response.value.path}. It contains no webhook URLs.`);
  };
  const load = async (): Promise<void> => {
    const response = await client.call('importAlerts', {});
    if (!response.ok) fail(response.message);
    else if (response.value.path !== null) succeed(`Imported ${response.value.path}.`, response.value.before);
  };
  const undo = async (before: AlertsSettings): Promise<void> => {
    const problem = await actions.updateSettings({ alerts: before });
    if (problem === null) succeed('Import undone.');
    else fail(problem);
  };
  const before = status?.before ?? null;
  return (
    <div className="field field-wide">
      <div>
        <span>Import / export</span>
        <p className="field-help">Rules, quiet hours, webhooks (without URLs).</p>
        {status !== null && (
          <p className={status.failed ? 'field-error' : 'quiet'} role={status.failed ? 'alert' : 'status'}>
            {status.text}
          </p>
        )}
      </div>
      <span className="field-buttons">
        <button type="button" onClick={() => void save()}>
          Export…
        </button>
        <button type="button" onClick={() => void load()}>
          Import…
        </button>
        {before !== null && (
          <button type="button" onClick={() => void undo(before)}>
            Undo
          </button>
        )}
      </span>
    </div>
  );
}

/** The sections "Alerts" and "Webhooks"; a client without the right to export or to see webhooks gets neither. */
export function AlertSettingsSection({ alerts }: { readonly alerts: AlertsSettings }) {
  const { actions } = useApp();
  const transfers = useCan('exportAlerts');
  const hooks = useCan('webhooks');
  return (
    <>
      <section className="section">
        <h2>Alerts</h2>
        <p className="section-note">
          Manage rules on the <a href="#/alerts">Alerts page</a>.
        </p>
        <QuietHoursSection ranges={alerts.quietHours} onSave={(quietHours) => actions.updateSettings({ alerts: { quietHours: quietHours.map(({ days, ...range }) => ({ ...range, days: [...days] })) } })} />
        <SwitchSetting
          label="Always show critical alerts"
          help="Also in quiet hours and Do Not Disturb."
          checked={alerts.criticalBypassesQuietHours}
          toPatch={(criticalBypassesQuietHours) => ({ alerts: { criticalBypassesQuietHours } })}
        />
        <SwitchSetting label="Summary after quiet hours" help="One notification for missed alerts." checked={alerts.digest} toPatch={(digest) => ({ alerts: { digest } })} />
        <TextSetting
          type="number"
          label="Timeline length"
          help={`Number of events kept, ${formatCount(100)} to ${formatCount(100_000)}.`}
          value={String(alerts.keepEvents)}
          toPatch={(text) => ({ alerts: { keepEvents: Number(text), pruneEventsAt: Math.max(Number(text) + 1, Math.round(Number(text) * 1.1)) } })}
        />
        {transfers && <ImportExport />}
      </section>
      {hooks && <WebhookSection webhooks={alerts.webhooks} />}
    </>
  );
}
