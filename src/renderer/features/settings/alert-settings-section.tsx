import { useState } from 'react';
import type { AlertsSettings } from '../../../shared/alerts/alert-settings';
import { formatCount } from '../../../shared/units';
import { useApp, useCan } from '../../app/app-context';
import { QuietHoursSection } from './quiet-hours-section';
import { SwitchSetting, TextSetting } from '../../app/setting-inputs';
import { Webhooks } from './webhook-section';

/** What came of an export or an import. */
interface SaveStatus {
  readonly text: string;
  readonly failed: boolean;
  /** The settings before an import, with which it is undone. */
  readonly before: AlertsSettings | null;
}

/** All alert settings to a file and back. */
function Transfer() {
  const { client, actions } = useApp();
  const [status, setMessage] = useState<SaveStatus | null>(null);
  const tell = (text: string, before: AlertsSettings | null = null): void => setMessage({ text, failed: false, before });
  const fail = (text: string): void => setMessage({ text, failed: true, before: null });
  const save = async (): Promise<void> => {
    const answer = await client.call('exportAlerts', {});
    if (!answer.ok) fail(answer.message);
    else if (answer.value.path !== null) tell(`Saved as ${answer.value.path}. Addresses of webhooks are not in it.`);
  };
  const load = async (): Promise<void> => {
    const answer = await client.call('importAlerts', {});
    if (!answer.ok) fail(answer.message);
    else if (answer.value.path !== null) tell(`${answer.value.path} is in force now.`, answer.value.before);
  };
  const undo = async (before: AlertsSettings): Promise<void> => {
    const problem = await actions.updateSettings({ alerts: before });
    if (problem === null) tell('The settings are as they were before.');
    else fail(problem);
  };
  const before = status?.before ?? null;
  return (
    <div className="field field-wide">
      <div>
        <span>All alert settings in one file</span>
        <p className="field-help">Rules, quiet hours and webhooks without their addresses. A file that is wrong changes nothing.</p>
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
            Undo the import
          </button>
        )}
      </span>
    </div>
  );
}

/** When alerts are shown, how many events are kept, and where alerts go besides. */
export function AlertSettingsSection({ alerts }: { readonly alerts: AlertsSettings }) {
  const { actions } = useApp();
  const transfers = useCan('exportAlerts');
  const hooks = useCan('webhooks');
  return (
    <>
      <section className="sheet">
        <h2>Alerts</h2>
        <p className="sheet-note">
          What is watched stands under <a href="#/alerts">Alerts</a>.
        </p>
        <QuietHoursSection ranges={alerts.quietHours} onSave={(quietHours) => actions.updateSettings({ alerts: { quietHours: quietHours.map(({ days, ...range }) => ({ ...range, days: [...days] })) } })} />
        <SwitchSetting
          label="Critical alerts break through"
          help="They are shown in quiet hours, and when the desktop is not to be disturbed."
          checked={alerts.criticalBypassesQuietHours}
          toPatch={(criticalBypassesQuietHours) => ({ alerts: { criticalBypassesQuietHours } })}
        />
        <SwitchSetting label="Digest" help="One notification of what was missed, when the quiet ends." checked={alerts.digest} toPatch={(digest) => ({ alerts: { digest } })} />
        <TextSetting
          type="number"
          label="Events kept"
          help={`The oldest of the timeline go when there are a tenth more. ${formatCount(100)} to ${formatCount(100_000)}.`}
          value={String(alerts.keepEvents)}
          toPatch={(text) => ({ alerts: { keepEvents: Number(text), pruneEventsAt: Math.max(Number(text) + 1, Math.round(Number(text) * 1.1)) } })}
        />
        {transfers && <Transfer />}
      </section>
      {hooks && <Webhooks webhooks={alerts.webhooks} />}
    </>
  );
}
