/** Pairing on the Sharing page: create a code, approve or deny the requests. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PairingCode, PairingRequest } from '../../../shared/sharing/access-schemas';
import { useApp } from '../../app/app-context';
import { formatCountdown } from '../../lib/age';
import { toGroups } from './sharing-text';
import { pairingLink } from '../../lib/pairing-link';
import { QrCode } from './qr-code';
import { FailureText } from '../../ui/failure-text';
import { useLocalClock } from '../../ui/use-local-clock';
import { RequestButtons, requestOrigin } from './request-banners';

function PairingCodeCard({ pairing, url }: { readonly pairing: PairingCode; readonly url: string }) {
  const now = useLocalClock(true);
  const hasTries = pairing.triesLeft > 0;
  return (
    <div className="pairing">
      <QrCode text={pairingLink(url, pairing.secret)} label={`QR code of the pairing link at ${url}`} />
      <div className="pairing-steps">
        <p>
          Scan with your phone, or open <code>{url}</code> and enter:
        </p>
        {hasTries ? (
          <output className="pairing-code" aria-label={`Code ${Array.from(pairing.code).join(' ')}`}>
            {toGroups(pairing.code)}
          </output>
        ) : (
          <p className="field-error" role="alert">
            Too many wrong attempts. Use the QR code or create a new code.
          </p>
        )}
        <p className="field-help">
          <span aria-live="off">Expires in {formatCountdown(pairing.expiresAt - now)}</span>
          {hasTries && pairing.triesLeft < 5 && <output> · {pairing.triesLeft === 1 ? '1 attempt' : `${pairing.triesLeft} attempts`} left</output>} · for one browser
        </p>
      </div>
    </div>
  );
}

/** One request, with the buttons that answer it. */
export function RequestRow({ request }: { readonly request: PairingRequest }) {
  const [failure, setFailure] = useState<string | null>(null);
  return (
    <li className="row">
      <div className="row-text">
        <strong>{request.name}</strong>
        <p className="field-help">
          {requestOrigin(request)}. {request.machine === undefined ? 'The name is self-reported; check the device before approving.' : 'Wants to report here. The name is self-reported; approve only a machine that you are adding.'}
        </p>
        <FailureText text={failure} />
      </div>
      <RequestButtons request={request} onFailure={setFailure} />
    </li>
  );
}

/** The section: pending requests, the pairing code if there is one, and the button that creates it. */
export function PairingSection() {
  const { sharing } = useApp();
  const access = useStore(sharing.store, (slice) => slice.access);
  const server = useStore(sharing.store, (slice) => slice.server);
  const [failure, setFailure] = useState<string | null>(null);
  const url = server?.state === 'listening' ? server.urls[0] : undefined;
  const pairing = access?.pairingCode ?? null;
  // A code is cancelled when the server stops, since it could not be used.
  const orphaned = pairing !== null && url === undefined && server !== null && server.state !== 'starting';
  useEffect(() => {
    if (orphaned) void sharing.run('lanPairingCancel', {});
  }, [sharing, orphaned]);
  // Those of machines stand with the machines.
  const requests = (access?.requests ?? []).filter(({ machine }) => machine === undefined);
  const hasRequests = requests.length > 0;
  const start = (): void => void sharing.run('lanPairingStart', {}).then(setFailure);
  return (
    <section className="section">
      <h2>Pair a browser</h2>
      {hasRequests && (
        <ul className="rows">
          {requests.map((request) => (
            <RequestRow key={request.id} request={request} />
          ))}
        </ul>
      )}
      {pairing !== null && url !== undefined && <PairingCodeCard pairing={pairing} url={url} />}
      <div className="field">
        <p className="field-help" id="pairing-help">
          {url === undefined ? 'Turn on sharing first.' : 'Codes expire after 5 minutes or too many wrong attempts. You still approve each browser.'}
        </p>
        <div className="field-control">
          {pairing !== null && (
            <button type="button" onClick={() => void sharing.run('lanPairingCancel', {}).then(setFailure)}>
              Cancel
            </button>
          )}
          <button type="button" className={pairing === null && !hasRequests ? 'strong' : ''} disabled={url === undefined} aria-describedby="pairing-help" onClick={start}>
            {pairing === null ? 'Create pairing code' : 'New code'}
          </button>
        </div>
        <FailureText text={failure} />
      </div>
    </section>
  );
}
