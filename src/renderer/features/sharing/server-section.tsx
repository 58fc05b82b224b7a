/** The switch of sharing, and the state of the server. */
import { useStore } from 'zustand';
import type { LanState } from '../../../shared/sharing/lan-state';
import type { Settings } from '../../../shared/settings/settings-schema';
import { useApp } from '../../app/app-context';
import { formatCountdown, formatDay } from '../../lib/age';
import { LAN_STATE_LABELS, LAN_ERROR_TEXT } from './sharing-text';
import { CopyButton } from '../../ui/copy-button';
import { useLocalClock } from '../../ui/use-local-clock';
import { SwitchSetting } from '../../app/setting-inputs';

/** Time until the server tries to listen again. */
function Retry({ at }: { readonly at: number }) {
  const now = useLocalClock(true);
  return (
    <span className="quiet" aria-live="off">
      Retrying in {formatCountdown(at - now)}.
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
        <strong>Not encrypted.</strong> Anyone on this network can read and modify the traffic, including passwords.
      </p>
    );
  }
  return (
    <details className="lan-fingerprint">
      <summary>Certificate fingerprint (SHA-256)</summary>
      <p className="field-help">
        Valid until {formatDay(certificate.validTo)}.
        {certificate.selfSigned && ' Browsers warn on the first visit because the certificate is self-signed. Compare the SHA-256 fingerprint:'}
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
        {LAN_STATE_LABELS.failed}. {LAN_ERROR_TEXT[state.reason]} <Retry at={state.retryAt} /> <span className="quiet">{state.message}</span>
      </p>
    );
  }
  return (
    <>
      <Addresses urls={state.urls} />
      <p className="field-help">If another device cannot open these, allow Traywatch in this machine’s firewall.</p>
      {state.missing.length > 0 && (
        <p className="field-error" role="alert">
          {state.missing.map(({ address, reason }) => `${address}: ${LAN_ERROR_TEXT[reason]}`).join(' ')} {state.retryAt !== null && <Retry at={state.retryAt} />}
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

/** The section: on or off, and the URLs or the error. */
export function ServerSection({ settings }: { readonly settings: Settings }) {
  const { sharing } = useApp();
  const server = useStore(sharing.store, (slice) => slice.server);
  const { enabled } = settings.lan;
  return (
    <section className="section" aria-label="Sharing">
      <SwitchSetting
        label="Share on the local network"
        help="View this machine from a browser on your network. You approve each browser here."
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

