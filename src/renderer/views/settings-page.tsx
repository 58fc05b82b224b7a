import { useId, useState } from 'react';
import type { CallInput } from '../../shared/api/contract';
import type { Settings } from '../../shared/settings/schema';
import { useApp, useAppState } from '../app-context';
import { HistorySettings } from '../panels/history-settings';
import { PageHead } from '../panels/page-head';
import { Field } from '../panels/settings-fields';

type Patch = CallInput<'updateSettings'>;

/** Saves a change, and keeps why it could not be saved. */
function useSave(): { readonly failure: string | null; readonly save: (patch: Patch, onSaved?: () => void) => void } {
  const { actions } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const save = async (patch: Patch, onSaved?: () => void): Promise<void> => {
    const problem = await actions.updateSettings(patch);
    // The name of the field stands beside it already.
    setFailure(problem?.replace(/^\w+: /, '') ?? null);
    if (problem === null) onSaved?.();
  };
  return { failure, save: (patch, onSaved) => void save(patch, onSaved) };
}

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

interface TextFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly toPatch: (text: string) => Patch;
}

/** A setting that is typed: applied on Enter or when left, and put back by Escape. */
function TextField({ label, help, value, toPatch }: TextFieldProps) {
  const { failure, save } = useSave();
  const [draft, setDraft] = useState<string | null>(null);
  const id = useId();
  const commit = (): void => {
    if (draft !== null) save(toPatch(draft), () => setDraft(null));
  };
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input
        id={id}
        type="text"
        value={draft ?? value}
        aria-describedby={`${id}-help`}
        aria-invalid={failure !== null}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </Field>
  );
}

interface SwitchFieldProps {
  readonly label: string;
  readonly help: string;
  readonly checked: boolean;
  readonly failure: string | null;
  readonly onChange: (checked: boolean) => void;
}

function SwitchField({ label, help, checked, failure, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input id={id} className="switch" type="checkbox" role="switch" checked={checked} aria-checked={checked} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.target.checked)} />
    </Field>
  );
}

function SettingSwitch({ name, settings, label, help }: { readonly name: 'openAtStart' | 'networkMounts'; readonly settings: Settings; readonly label: string; readonly help: string }) {
  const { failure, save } = useSave();
  return <SwitchField label={label} help={help} checked={settings[name]} failure={failure} onChange={(checked) => save({ [name]: checked })} />;
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
        <SettingSwitch name="openAtStart" settings={settings} label="Open the window at start" help="Otherwise Traywatch starts as a tray icon alone." />
      </section>
      <section className="sheet">
        <h2>Monitoring</h2>
        <PausedSwitch paused={paused} />
        <SettingSwitch
          name="networkMounts"
          settings={settings}
          label="Measure network mounts"
          help="Asks network and FUSE mounts for their space too. A server that does not answer shows as a Timeout."
        />
        <TextField label="Environment" help="A word of your own for this machine, 1 to 40 characters." value={settings.environment} toPatch={(text) => ({ environment: text })} />
      </section>
      <HistorySettings settings={settings} />
    </div>
  );
}
