/** Banners for access requests, on every page but Sharing. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PairingRequest } from '../../../shared/sharing/access-schemas';
import { useApp, useAppState, useRoute } from '../../app/app-context';
import { formatCountdown } from '../../lib/age';
import { Banner } from '../../ui/banner';
import { useLocalClock } from '../../ui/use-local-clock';

const NO_REQUESTS: readonly PairingRequest[] = [];

/** Buttons that approve or deny a request, for the banner and the Sharing page. */
export function RequestButtons({ request, onFailure }: { readonly request: PairingRequest; readonly onFailure: (problem: string | null) => void }) {
  const { sharing } = useApp();
  const { id, name } = request;
  const approve = (role: 'viewer' | 'admin' | null): void => void sharing.run('lanApprove', { id, role }).then(onFailure);
  const deny = (
    <button type="button" className="strong" aria-label={`Deny: ${name}`} onClick={() => void sharing.run('lanDeny', { id }).then(onFailure)}>
      Deny
    </button>
  );
  if (request.machine !== undefined) {
    return (
      <span className="request-buttons">
        <button type="button" aria-label={`Approve: ${name}`} onClick={() => approve(null)}>
          Approve
        </button>
        {deny}
      </span>
    );
  }
  return (
    <span className="request-buttons">
      <button type="button" aria-label={`Approve as viewer: ${name}`} onClick={() => approve('viewer')}>
        Approve as viewer
      </button>
      <button type="button" aria-label={`Approve as admin: ${name}`} onClick={() => approve('admin')}>
        Approve as admin
      </button>
      {deny}
    </span>
  );
}

/** What is requested, and by whom. */
function requestTitle({ name, machine }: PairingRequest): string {
  return machine === undefined ? `“${name}” requests access.` : `The machine “${name}” wants to report here.`;
}

/** Where a request comes from, and how. */
export function requestOrigin({ address, via, machine }: PairingRequest): string {
  if (machine !== undefined) return `${address} · Traywatch ${machine.version}${machine.isKnown ? ' · reports here already: its token would be replaced' : ''}`;
  return `${address} · via ${via === 'qr' ? 'QR code' : 'pairing code'}`;
}

function RequestBanner({ request }: { readonly request: PairingRequest }) {
  const [failure, setFailure] = useState<string | null>(null);
  const now = useLocalClock(true);
  return (
    <Banner tone="warning" title={requestTitle(request)} actions={<RequestButtons request={request} onFailure={setFailure} />}>
      {requestOrigin(request)} ·{' '}
      <span className="quiet" aria-live="off">
        expires in {formatCountdown(request.expiresAt - now)}
      </span>
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

/** A banner for each pending request; the Sharing page lists them itself. */
export function RequestBanners() {
  const { sharing } = useApp();
  const { page } = useRoute();
  const enabled = useAppState(({ state }) => state?.settings.lan.enabled ?? false);
  const requests = useStore(sharing.store, ({ access }) => access?.requests ?? NO_REQUESTS);
  useEffect(() => {
    // A request may have arrived before this window was opened.
    if (enabled) void sharing.load();
  }, [sharing, enabled]);
  if (page === 'sharing') return null;
  return requests.map((request) => <RequestBanner key={request.id} request={request} />);
}
