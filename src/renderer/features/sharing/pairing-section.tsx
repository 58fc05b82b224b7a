import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PairingCode, PairingRequest } from '../../../shared/sharing/access-schemas';
import { useApp } from '../../app/app-context';
import { formatCountdown } from '../../lib/age';
import { toGroups } from './sharing-text';
import { pairingLink } from '../../lib/pairing-link';
import { QrCode } from './qr-code';
import { useLocalClock } from '../../ui/use-local-clock';
import { RequestButtons } from './request-banners';

function PairingCodeHolder({ offer, url }: { readonly offer: PairingCode; readonly url: string }) {
  const now = useLocalClock(true);
  const spent = offer.triesLeft === 0;
  return (
    <div className="pairing">
      <QrCode text={pairingLink(url, offer.secret)} label={`QR code of the pairing link at ${url}`} />
      <div className="pairing-steps">
        <p>
          Scan this with the phone’s camera, or open <code>{url}</code> and type
        </p>
        {spent ? (
          <p className="field-error" role="alert">
            The code was entered wrongly too often and is dead. The QR code still works; for digits make a new code.
          </p>
        ) : (
          <output className="pairing-code" aria-label={`Code ${Array.from(offer.code).join(' ')}`}>
            {toGroups(offer.code)}
          </output>
        )}
        <p className="field-help">
          <span aria-live="off">Good for {formatCountdown(offer.expiresAt - now)}</span>
          {!spent && offer.triesLeft < 5 && <output>, {offer.triesLeft === 1 ? 'one try' : `${offer.triesLeft} tries`} left</output>}, and for one browser. Then allow it here.
        </p>
      </div>
    </div>
  );
}

function RequestRow({ request }: { readonly request: PairingRequest }) {
  const [failure, setFailure] = useState<string | null>(null);
  return (
    <li className="row">
      <div className="row-text">
        <strong>{request.name}</strong>
        <p className="field-help">
          From {request.address}, with {request.via === 'qr' ? 'the QR code' : 'the code'}. The name is what it calls itself: look at the device before you allow it.
        </p>
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
      <RequestButtons request={request} onFailure={setFailure} />
    </li>
  );
}

/** Letting a browser in: a code and a link to begin with, and a yes or no at the end. */
export function PairingSection() {
  const { lan } = useApp();
  const access = useStore(lan.store, (slice) => slice.access);
  const server = useStore(lan.store, (slice) => slice.server);
  const [failure, setFailure] = useState<string | null>(null);
  const url = server?.state === 'listening' ? server.urls[0] : undefined;
  const offer = access?.pairingCode ?? null;
  // A code nobody can use is not left lying about.
  const orphan = offer !== null && url === undefined && server !== null && server.state !== 'starting';
  useEffect(() => {
    if (orphan) void lan.run('lanPairingCancel', {});
  }, [lan, orphan]);
  const asked = (access?.requests.length ?? 0) > 0;
  const start = (): void => void lan.run('lanPairingStart', {}).then(setFailure);
  return (
    <section className="sheet">
      <h2>Let a browser in</h2>
      {asked && (
        <ul className="rows">
          {access?.requests.map((request) => (
            <RequestRow key={request.id} request={request} />
          ))}
        </ul>
      )}
      {offer !== null && url !== undefined && <PairingCodeHolder offer={offer} url={url} />}
      <div className="field">
        <p className="field-help" id="pairing-help">
          {url === undefined ? 'Switch sharing on first.' : 'A code lives for five minutes and five tries. Whoever has it still needs your yes here.'}
        </p>
        <div className="field-control">
          {offer !== null && (
            <button type="button" onClick={() => void lan.run('lanPairingCancel', {}).then(setFailure)}>
              Cancel
            </button>
          )}
          <button type="button" className={offer === null && !asked ? 'strong' : ''} disabled={url === undefined} aria-describedby="pairing-help" onClick={start}>
            {offer === null ? 'Make a code' : 'New code'}
          </button>
        </div>
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
    </section>
  );
}
