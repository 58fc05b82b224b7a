import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { PowerControlState } from '../../../shared/power/power-schemas';
import { POWER_LABELS } from '../../../shared/power/power-labels';
import { useApp } from '../../app/app-context';
import { formatCountdown } from '../../lib/age';
import { Banner } from '../../ui/banner';
import { useLocalClock } from '../../ui/use-local-clock';

/** How long is left; nothing where it does not end by itself. */
function Left({ endsAt }: { readonly endsAt: number | null }) {
  const now = useLocalClock(endsAt !== null);
  return endsAt === null ? null : <span aria-live="off">{formatCountdown(endsAt - now)}</span>;
}

/** A request that has to be confirmed: a yes at the desktop, or the password of who asked. */
function Asked({ powerControl, endsAt }: { readonly powerControl: Extract<PowerControlState, { state: 'pending' }>; readonly endsAt: number | null }) {
  const { powerControl: controller, can, session } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const field = useId();
  const { id, action, by } = powerControl;
  const verb = POWER_LABELS[action].do.toLowerCase();
  const atDesktop = session === null;
  const confirm = (): void => void controller.confirm(id, atDesktop ? undefined : password).then(setFailure);
  const buttons = can('powerConfirm') && (
    <form
      className="request-buttons"
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
    >
      {!atDesktop && session.name === by && (
        <>
          <label className="sr" htmlFor={field}>
            Your password
          </label>
          <input id={field} type="password" autoComplete="current-password" placeholder="Your password" value={password} onChange={(event) => setPassword(event.target.value)} />
        </>
      )}
      {(atDesktop || session.name === by) && (
        <button type="submit" disabled={!atDesktop && password === ''}>
          {atDesktop ? `Allow: ${verb}` : 'Confirm'}
        </button>
      )}
      <button type="button" className="strong" onClick={() => void controller.cancel(id).then(setFailure)}>
        {atDesktop ? 'Deny' : 'Cancel'}
      </button>
    </form>
  );
  return (
    <Banner tone="warning" title={`${by} asks to ${verb} this machine.`} {...(buttons === false ? {} : { actions: buttons })}>
      {atDesktop ? 'Nothing happens unless you allow it. ' : 'Confirm with the password of the account, or at the desktop. '}
      <span className="quiet">
        <Left endsAt={endsAt} /> left.
      </span>
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

/** A restart or shutdown that was asked for, counts down, or has come to something; on every page. */
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
      <Banner tone="info" title={`${POWER_LABELS[outcome.action].noun} ${outcome.result}`} actions={dismiss}>
        {outcome.reason}
      </Banner>
    );
  }
  if (powerControl.state === 'pending') return <Asked powerControl={powerControl} endsAt={endsAt} />;
  const { doing } = POWER_LABELS[powerControl.action];
  if (powerControl.state === 'executing') return <Banner tone="error" title={`This machine ${doing} now.`}>As {powerControl.by} asked.</Banner>;
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
          This machine {doing} in <Left endsAt={endsAt} />.
        </>
      }
      {...(can('powerCancel') ? { actions: cancel } : {})}
    >
      As {powerControl.by} asked. Save your work.
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}
