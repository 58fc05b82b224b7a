/** Starting, stopping and restarting a container: at the machine, and where the settings allow it. */
import { useState } from 'react';
import type { ContainerAction, ContainerInfo, ContainerList } from '../../../shared/containers/container-schemas';
import { useApp, useAppState, useCan } from '../../app/app-context';
import { ConfirmButton } from '../../app/setting-inputs';
import { FailureText } from '../../ui/failure-text';
import { actionsFor } from './container-text';

const LABELS: Readonly<Record<ContainerAction, { readonly label: string; readonly busy: string; readonly question: (name: string) => string }>> = {
  start: { label: 'Start', busy: 'Starting…', question: (name) => `Start ${name}?` },
  stop: { label: 'Stop', busy: 'Stopping…', question: (name) => `Stop ${name}? What uses it will not reach it.` },
  restart: { label: 'Restart', busy: 'Restarting…', question: (name) => `Restart ${name}? What uses it will not reach it for a moment.` },
};

interface ContainerActionsProps {
  readonly container: ContainerInfo;
  readonly onDone: (list: ContainerList) => void;
}

/** A button for each, with a question before. Nothing for who may not; where it is turned off, how to turn it on. */
export function ContainerActions({ container: { id, name, state }, onDone }: ContainerActionsProps) {
  const { client } = useApp();
  const isAllowed = useAppState((slice) => slice.state?.settings.containers.actions ?? false);
  const [busy, setBusy] = useState<ContainerAction | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  if (!useCan('containerAction')) return null;
  if (!isAllowed) {
    return (
      <span className="quiet container-actions-off">
        Start and stop are turned off. <a href="#/settings">Settings</a>
      </span>
    );
  }
  const run = async (action: ContainerAction): Promise<string | null> => {
    setBusy(action);
    setFailure(null);
    const response = await client.call('containerAction', { id, action });
    setBusy(null);
    if (response.ok) onDone(response.value);
    return response.ok ? null : `Couldn’t ${LABELS[action].label.toLowerCase()} ${name}: ${response.message}`;
  };
  return (
    <fieldset className="container-actions" disabled={busy !== null} aria-label="Actions">
      {busy !== null && <output>{LABELS[busy].busy}</output>}
      {actionsFor(state).map((action) => (
        <ConfirmButton key={action} label={LABELS[action].label} question={LABELS[action].question(name)} yes={LABELS[action].label} run={() => run(action)} onFailure={setFailure} />
      ))}
      <FailureText text={failure} />
    </fieldset>
  );
}
