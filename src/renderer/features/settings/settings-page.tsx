/**
 * The Settings page: window, start at login, monitoring, containers, alert settings, webhooks, and the size and the files of the history.
 *
 * May import app/, charts/, ui/, data/, lib/ and theme/ of the renderer and src/shared. Imports no other feature; only the
 * frame imports this file, and loads it when the page is first shown.
 */
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Settings } from '../../../shared/settings/settings-schema';
import { useApp, useAppState } from '../../app/app-context';
import { AlertSettingsSection } from './alert-settings-section';
import { ContainersSection } from './containers-section';
import { DeviceSettingsFields } from './device-settings-fields';
import { HistorySection } from './history-section';
import { AutostartSwitch, GettingStartedField } from './start-fields';
import { ReportingSection } from './reporting-section';
import { UpdatesSection } from './updates-section';
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
      help="No data is collected; charts show a gap."
      checked={paused}
      failure={failure}
      onChange={(checked) => void actions.setPaused(checked).then(setFailure)}
    />
  );
}

/** The Settings page. Changes apply at once, history limits when they are saved. A viewer has none to change. `children` are shown above the sections. */
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
          <section className="section">
            <h2>General</h2>
            <ThemeField value={settings.theme} />
            <SwitchSetting label="Show window at startup" help="When off, starts in the tray." checked={settings.openAtStart} toPatch={(openAtStart) => ({ openAtStart })} />
            {can('setAutostart') && <AutostartSwitch />}
            {can('testNotification') && <GettingStartedField />}
          </section>
          <section className="section">
            <h2>Monitoring</h2>
            <PausedSwitch paused={paused} />
            <SwitchSetting
              label="Include network drives"
              help="Also measure network mounts, and FUSE mounts that are not local disks."
              checked={settings.networkMounts}
              toPatch={(networkMounts) => ({ networkMounts })}
            />
            <SwitchSetting
              label="Ask drives for their health (SMART)"
              help="Runs smartctl once an hour, for each drive in turn. Needs the package smartmontools, and the right to read drives. A drive in standby is not woken; one that is awake may go to sleep later."
              checked={settings.driveHealth}
              toPatch={(driveHealth) => ({ driveHealth })}
            />
            <TextSetting label="Environment" help="A label, e.g. production or home." value={settings.environment} toPatch={(environment) => ({ environment })} />
            <DeviceSettingsFields devices={settings.devices} />
          </section>
          {can('containerAction') && <ContainersSection containers={settings.containers} />}
          <AlertSettingsSection alerts={settings.alerts} />
          <HistorySection settings={settings} />
          {can('joinHub') && <ReportingSection />}
          {can('updates') && <UpdatesSection checks={settings.checkForUpdates} />}
        </>
      )}
    </div>
  );
}
