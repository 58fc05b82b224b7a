/** Copies what a bug report needs. */
import { useId, useState } from 'react';
import { useApp } from '../../app/app-context';
import { SwitchField } from '../../app/setting-inputs';
import { Field } from '../../app/settings-fields';

const NAMES_HELP = 'Adds host name, user name, paths, addresses and messages of the log.';

/** The section with the button, in Traywatch's own window alone. */
export function DiagnosticsSection() {
  const { client, can } = useApp();
  const [withNames, setWithNames] = useState(false);
  const [status, setStatus] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const id = useId();
  if (!can('diagnostics')) return null;
  const copy = async (): Promise<void> => {
    setStatus('');
    const response = await client.call('diagnostics', { withNames });
    setFailure(response.ok ? null : `Couldn’t collect diagnostics: ${response.message}`);
    if (!response.ok) return;
    try {
      await navigator.clipboard.writeText(response.value.text);
      setStatus('Copied');
    } catch {
      setFailure('Copying is not available here. Run traywatch --diagnose in a terminal.');
    }
  };
  return (
    <section className="section">
      <h2>Diagnostics</h2>
      <SwitchField label="Include names and paths" help={NAMES_HELP} checked={withNames} failure={null} onChange={setWithNames} />
      <Field id={id} selfNamed label="Copy diagnostics" help={withNames ? 'For a bug report, with names. Read it before you publish it.' : 'For a bug report. Names nobody: no host name, user name, path or address.'} failure={failure}>
        <span className="copy-control">
          <output>{status}</output>
          <button type="button" aria-describedby={`${id}-help`} onClick={() => void copy()}>
            Copy diagnostics
          </button>
        </span>
      </Field>
    </section>
  );
}
