/** The banner of a remote restart or shutdown: request, countdown and outcome. */
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { PowerControlState } from '../../../shared/power/power-schemas';
import { POWER_LABELS } from '../../../shared/power/power-labels';
import type { PowerAction } from '../../../shared/power/power-labels';
import { useApp } from '../../app/app-context';
import { formatCountdown } from '../../lib/age';
import { Banner } from '../../ui/banner';
import { powerOutcomeTitle } from './power-text';
import { useLocalClock } from '../../ui/use-local-clock';

/** Titles while an action counts down or runs. */
const PROGRESS_LABELS: Readonly<Record<PowerAction, string>> = { reboot: 'Restarting', shutdown: 'Shutting down' };

/** Time until `endsAt` (epoch ms of this page's clock); nothing for null. */
function Countdown({ endsAt }: { readonly endsAt: number | null }) {
  const now = useLocalClock(endsAt !== null);
  return endsAt === null ? null : <span aria-live="off">{formatCountdown(endsAt - now)}</span>;
}

/** A request that waits for approval on the machine, or for the password of the account that requested it. */
function PowerRequest({ powerControl, endsAt }: { readonly powerControl: Extract<PowerControlState, { state: 'pending' }>; readonly endsAt: number | null }) {
  const { powerControl: controller, can, session } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const field = useId();
  const { id, action, by } = powerControl;
  const verb = POWER_LABELS[action].do.toLowerCase();
  const isLocal = session === null;
  const confirm = (): void => void controller.confirm(id, isLocal ? undefined : password).then(setFailure);
  const buttons = can('powerConfirm') && (
    <form
      className="request-buttons"
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
    >
      {!isLocal && session.name === by && (
        <>
          <label className="sr" htmlFor={field}>
            Your password
          </label>
          <input id={field} type="password" autoComplete="current-password" placeholder="Your password" value={password} onChange={(event) => setPassword(event.target.value)} />
        </>
      )}
      {(isLocal || session.name === by) && (
        <button type="submit" disabled={!isLocal && password === ''}>
          {isLocal ? POWER_LABELS[action].do : 'Confirm'}
        </button>
      )}
      <button type="button" className="strong" onClick={() => void controller.cancel(id).then(setFailure)}>
        {isLocal ? 'Deny' : 'Cancel'}
      </button>
    </form>
  );
  return (
    <Banner tone="warning" title={`${by} wants to ${verb} this machine.`} {...(buttons === false ? {} : { actions: buttons })}>
      {!isLocal && 'Confirm with your account password, or approve it in Traywatch on the machine. '}
      <span className="quiet">
        Expires in <Countdown endsAt={endsAt} />.
      </span>
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

/** A remote restart or shutdown that was requested, counts down, has started, or did not happen; on every page. */
export function PowerBanner() {
  const { powerControl: controller, can } = useApp();
  const powerControl = useStore(controller.store, (slice) => slice.powerControl);
  const endsAt = useStore(controller.store, (slice) => slice.endsAt);
  const [failure, setFailure] = useState<string | null>(null);
  if (powerControl.state === 'idle') {
    const { outcome } = powerControl;
    if (outcome === null) return null;
    const dismiss = (
      <button type="button" className="plain" onClick={controller.dismiss}>
        Dismiss
      </button>
    );
    return (
      <Banner tone={outcome.result === 'failed' ? 'error' : 'info'} title={powerOutcomeTitle(outcome)} actions={dismiss}>
        {outcome.reason}
      </Banner>
    );
  }
  if (powerControl.state === 'pending') return <PowerRequest powerControl={powerControl} endsAt={endsAt} />;
  const progress = PROGRESS_LABELS[powerControl.action];
  if (powerControl.state === 'executing') return <Banner tone="error" title={`${progress} now.`}>Requested by {powerControl.by}.</Banner>;
  const cancel = (
    <button type="button" className="strong" onClick={() => void controller.cancel(powerControl.id).then(setFailure)}>
      Cancel
    </button>
  );
  return (
    <Banner
      tone="error"
      title={
        <>
          {progress} in <Countdown endsAt={endsAt} />.
        </>
      }
      {...(can('powerCancel') ? { actions: cancel } : {})}
    >
      Requested by {powerControl.by}. Save your work.
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}
