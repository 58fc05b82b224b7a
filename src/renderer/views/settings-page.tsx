import { useId, useState } from 'react';
import type { Settings } from '../../shared/settings/schema';
import { useApp, useAppState } from '../app-context';
import { AlertSettings } from '../panels/alert-settings';
import { HistorySettings } from '../panels/history-settings';
import { PageHead } from '../panels/page-head';
import { SwitchField, SwitchSetting, TextSetting } from '../panels/setting-fields';
import { Field } from '../panels/settings-fields';
import { useSave } from '../stores/use-save';

const THEMES: readonly (readonly [Settings['theme'], string])[] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function ThemeField({ value }: { readonly value: Settings['theme'] }) {
  const { failure, save } = useSave();
  const id = useId();
  return (
    <Field id={id} label="Theme" help="System follows the desktop." failure={failure}>
      <select id={id} value={value} aria-describedby={`${id}-help`} onChange={(event) => save({ theme: event.target.value as Settings['theme'] })}>
        {THEMES.map(([theme, word]) => (
          <option key={theme} value={theme}>
            {word}
          </option>
        ))}
      </select>
    </Field>
  );
}

function PausedSwitch({ paused }: { readonly paused: boolean }) {
  const { actions } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  return (
    <SwitchField
      label="Pause monitoring"
      help="Nothing is read or kept while paused; the charts show a hole."
      checked={paused}
      failure={failure}
      onChange={(checked) => void actions.setPaused(checked).then(setFailure)}
    />
  );
}

/** Settings, applied as they are changed; the limits of the history once they are saved. */
export function SettingsPage() {
  const state = useAppState((slice) => slice.state);
  if (state === null) return <PageHead title="Settings" />;
  const { settings, paused } = state;
  return (
    <div className="text-page">
      <PageHead title="Settings" />
      <section className="sheet">
        <h2>Window</h2>
        <ThemeField value={settings.theme} />
        <SwitchSetting label="Open the window at start" help="Otherwise Traywatch starts as a tray icon alone." checked={settings.openAtStart} toPatch={(openAtStart) => ({ openAtStart })} />
      </section>
      <section className="sheet">
        <h2>Monitoring</h2>
        <PausedSwitch paused={paused} />
        <SwitchSetting
          label="Measure network mounts"
          help="Asks network and FUSE mounts for their space too. A server that does not answer shows as a Timeout."
          checked={settings.networkMounts}
          toPatch={(networkMounts) => ({ networkMounts })}
        />
        <TextSetting label="Environment" help="A word of your own for this machine, 1 to 40 characters." value={settings.environment} toPatch={(text) => ({ environment: text })} />
      </section>
      <AlertSettings alerts={settings.alerts} />
      <HistorySettings settings={settings} />
    </div>
  );
}
