/** Remote restart on the System page. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { POWER_LABELS } from '../../../shared/power/power-labels';
import type { PowerAction } from '../../../shared/power/power-labels';
import { useApp, useAppState } from '../../app/app-context';
import { FailureText } from '../../ui/failure-text';

const ACTIONS = Object.keys(POWER_LABELS) as PowerAction[];

/** Requests a restart or a shutdown, for an administrator in a browser. The banner over the page shows the progress. */
export function RemotePowerSection() {
  const { powerControl, can, session } = useApp();
  const enabled = useAppState(({ state }) => state?.settings.powerControl.enabled ?? false);
  const idle = useStore(powerControl.store, (slice) => slice.powerControl.state === 'idle');
  const [failure, setFailure] = useState<string | null>(null);
  const request = async (action: PowerAction, button: Element): Promise<void> => {
    const problem = await powerControl.request(action);
    setFailure(problem);
    // The banner that asks for the confirmation is at the top, which may be scrolled out of view.
    if (problem === null) button.closest('main')?.scrollTo({ top: 0 });
  };
  // On the machine itself the operating system has buttons for that.
  if (session === null || !enabled || !can('powerRequest')) return null;
  return (
    <section className="section">
      <h2>Remote restart and shutdown</h2>
      <div className="field">
        <div>
          <p className="field-help" id="power-help">
            Needs your password or approval on the machine. A countdown follows that you can cancel.
          </p>
          <FailureText text={failure} />
        </div>
        <div className="field-control">
          {ACTIONS.map((action) => (
            <button key={action} type="button" aria-describedby="power-help" disabled={!idle} onClick={(event) => void request(action, event.currentTarget)}>
              {POWER_LABELS[action].do}…
            </button>
          ))}
        </div>
      </div>
    </section>
  );
}
