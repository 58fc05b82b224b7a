import { useState } from 'react';
import { useStore } from 'zustand';
import { POWER_LABELS } from '../../../shared/power/power-labels';
import type { PowerAction } from '../../../shared/power/power-labels';
import { useApp, useAppState } from '../../app/app-context';

const ACTIONS = Object.keys(POWER_LABELS) as PowerAction[];

/** Asks for a restart or a shutdown, for an admin who does not sit at the machine. What becomes of it stands over the page. */
export function RemotePowerSection() {
  const { powerControl, can, session } = useApp();
  const enabled = useAppState(({ state }) => state?.settings.powerControl.enabled ?? false);
  const idle = useStore(powerControl.store, (slice) => slice.powerControl.state === 'idle');
  const [failure, setFailure] = useState<string | null>(null);
  const ask = async (action: PowerAction, button: Element): Promise<void> => {
    const problem = await powerControl.request(action);
    setFailure(problem);
    // What is to be confirmed stands over the page, which may be scrolled away.
    if (problem === null) button.closest('main')?.scrollTo({ top: 0 });
  };
  // Who sits at the machine has the system's own buttons.
  if (session === null || !enabled || !can('powerRequest')) return null;
  return (
    <section className="sheet">
      <h2>Restart and shut down</h2>
      <div className="field">
        <div>
          <p className="field-help" id="control-help">
            You confirm it with your password, or somebody at the desktop does. Then it counts down, and can be called off.
          </p>
          {failure !== null && (
            <p className="field-error" role="alert">
              {failure}
            </p>
          )}
        </div>
        <div className="field-control">
          {ACTIONS.map((action) => (
            <button key={action} type="button" aria-describedby="control-help" disabled={!idle} onClick={(event) => void ask(action, event.currentTarget)}>
              {POWER_LABELS[action].do}…
            </button>
          ))}
        </div>
      </div>
    </section>
  );
}
