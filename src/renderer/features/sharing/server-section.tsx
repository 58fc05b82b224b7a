import { useStore } from 'zustand';
import type { LanState } from '../../../shared/sharing/lan-state';
import type { Settings } from '../../../shared/settings/settings-schema';
import { useApp } from '../../app/app-context';
import { formatCountdown, formatDay } from '../../lib/age';
import { LAN_STATE_LABELS, TROUBLE } from './sharing-text';
import { CopyButton } from '../../ui/copy-button';
import { useLocalClock } from '../../ui/use-local-clock';
import { SwitchSetting } from '../../app/setting-inputs';

/** When the next try comes. */
function Retry({ at }: { readonly at: number }) {
  const now = useLocalClock(true);
  return (
    <span className="quiet" aria-live="off">
      Next try in {formatCountdown(at - now)}.
    </span>
  );
}

function Addresses({ urls }: { readonly urls: readonly string[] }) {
  return (
    <ul className="lan-urls">
      {urls.map((url) => (
        <li key={url}>
          <code>{url}</code>
          <CopyButton text={url} name={`Copy ${url}`} />
        </li>
      ))}
    </ul>
  );
}

function Fingerprint({ state }: { readonly state: Extract<LanState, { state: 'listening' }> }) {
  const { certificate } = state;
  if (certificate === null) {
    return (
      <p className="lan-plain" role="note">
        <strong>Plain HTTP.</strong> Anybody on this network can read along, passwords included, and change what is shown.
      </p>
    );
  }
  return (
    <details className="lan-fingerprint">
      <summary>Fingerprint of the certificate</summary>
      <p className="field-help">
        {certificate.own ? 'The browser warns at the first visit, because the certificate was made here. It is the right one if its SHA-256 fingerprint is this. ' : ''}
        Valid until {formatDay(certificate.validTo)}.
      </p>
      <code className="fingerprint">{certificate.fingerprint}</code>
    </details>
  );
}

function StateRow({ state }: { readonly state: LanState }) {
  if (state.state === 'off') return null;
  if (state.state === 'starting') return <p className="field-help">{LAN_STATE_LABELS.starting}…</p>;
  if (state.state === 'failed') {
    return (
      <p className="field-error" role="alert">
        {LAN_STATE_LABELS.failed}. {TROUBLE[state.reason]} <Retry at={state.retryAt} /> <span className="quiet">{state.message}</span>
      </p>
    );
  }
  return (
    <>
      <Addresses urls={state.urls} />
      {state.missing.length > 0 && (
        <p className="field-error" role="alert">
          {state.missing.map(({ address, reason }) => `${address}: ${TROUBLE[reason]}`).join(' ')} {state.retryAt !== null && <Retry at={state.retryAt} />}
        </p>
      )}
      {state.certificate !== null && state.certificate.problem !== null && (
        <p className="field-error" role="alert">
          {state.certificate.problem}.
        </p>
      )}
      <Fingerprint state={state} />
    </>
  );
}

/** The switch, and what has come of it. */
export function ServerSection({ settings }: { readonly settings: Settings }) {
  const { lan } = useApp();
  const server = useStore(lan.store, (slice) => slice.server);
  const { enabled } = settings.lan;
  return (
    <section className="sheet" aria-label="Server">
      <SwitchSetting
        label="Share on the local network"
        help="Phones and computers on your network can then watch this machine in a browser, once you have let each of them in here. Nothing listens while this is off."
        checked={enabled}
        toPatch={(on) => ({ lan: { enabled: on } })}
      />
      {enabled && server !== null && server.state !== 'off' && (
        <div className="lan-state" data-state={server.state}>
          <StateRow state={server} />
        </div>
      )}
    </section>
  );
}

