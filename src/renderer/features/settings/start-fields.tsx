/** What happens when Traywatch starts: start at login, and the card of the first start. */
import { useId } from 'react';
import { GETTING_STARTED_STEPS } from '../../../shared/settings/getting-started';
import { useApp } from '../../app/app-context';
import { SwitchField, useSettingsUpdate } from '../../app/setting-inputs';
import { Field } from '../../app/settings-fields';
import { useAutostart } from '../../app/use-autostart';

/** Start at login, as the system reports it. */
export function AutostartSwitch() {
  const { set, ...shown } = useAutostart();
  return <SwitchField label="Start at login" {...shown} onChange={set} />;
}

/** Brings back the card of the first start, and goes where it is. */
export function GettingStartedField() {
  const { router } = useApp();
  const { failure, save } = useSettingsUpdate();
  const id = useId();
  return (
    <Field id={id} selfNamed label="Getting started" help="A card on the Overview: where the icon is, a test notification, start at login." failure={failure}>
      <button type="button" aria-describedby={`${id}-help`} onClick={() => save({ gettingStarted: [...GETTING_STARTED_STEPS] }, () => router.go({ page: 'overview' }))}>
        Show getting started again
      </button>
    </Field>
  );
}
