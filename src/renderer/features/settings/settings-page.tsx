import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Settings } from '../../../shared/settings/settings-schema';
import { useApp, useAppState } from '../../app/app-context';
import { AlertSettingsSection } from './alert-settings-section';
import { HistorySection } from './history-section';
import { PageHead } from '../../ui/page-head';
import { ChoiceField, SwitchField, SwitchSetting, TextSetting, useSettingsUpdate } from '../../app/setting-inputs';

const THEMES: readonly (readonly [Settings['theme'], string])[] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function ThemeField({ value }: { readonly value: Settings['theme'] }) {
  const { failure, save } = useSettingsUpdate();
  return <ChoiceField label="Theme" help="System follows the desktop." value={value} choices={THEMES} failure={failure} onChange={(theme) => save({ theme })} />;
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

/** Settings, applied as they are changed; the limits of the history once they are saved. A viewer has none to change. `children` stand above them. */
export function SettingsPage({ children }: { readonly children?: ReactNode }) {
  const { can } = useApp();
  const state = useAppState((slice) => slice.state);
  if (state === null) return <PageHead title="Settings" />;
  const { settings, paused } = state;
  return (
    <div className="text-page">
      <PageHead title="Settings" />
      {children}
      {can('updateSettings') && (
        <>
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
            <TextSetting label="Environment" help="A word of your own for this machine, 1 to 40 characters." value={settings.environment} toPatch={(environment) => ({ environment })} />
          </section>
          <AlertSettingsSection alerts={settings.alerts} />
          <HistorySection settings={settings} />
        </>
      )}
    </div>
  );
}
