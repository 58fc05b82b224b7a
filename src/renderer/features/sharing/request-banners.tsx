import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PairingRequest } from '../../../shared/sharing/access-schemas';
import { useApp, useAppState, useRoute } from '../../app/app-context';
import { formatCountdown } from '../../lib/age';
import { Banner } from '../../ui/banner';
import { useLocalClock } from '../../ui/use-local-clock';

const NONE: readonly PairingRequest[] = [];

/** Answers a request; for a banner and for the Sharing page. */
export function RequestButtons({ request, onFailure }: { readonly request: PairingRequest; readonly onFailure: (problem: string | null) => void }) {
  const { lan } = useApp();
  const { id, name } = request;
  return (
    <span className="request-buttons">
      <button type="button" aria-label={`Allow as viewer: ${name}`} onClick={() => void lan.run('lanApprove', { id, role: 'viewer' }).then(onFailure)}>
        Allow as viewer
      </button>
      <button type="button" aria-label={`Allow as admin: ${name}`} onClick={() => void lan.run('lanApprove', { id, role: 'admin' }).then(onFailure)}>
        Allow as admin
      </button>
      <button type="button" className="strong" aria-label={`Deny: ${name}`} onClick={() => void lan.run('lanDeny', { id }).then(onFailure)}>
        Deny
      </button>
    </span>
  );
}

function RequestBanner({ request }: { readonly request: PairingRequest }) {
  const [failure, setFailure] = useState<string | null>(null);
  const now = useLocalClock(true);
  return (
    <Banner tone="warning" title={`“${request.name}” asks to watch this machine.`} actions={<RequestButtons request={request} onFailure={setFailure} />}>
      From {request.address}, with {request.via === 'qr' ? 'the QR code' : 'the code'}.{' '}
      <span className="quiet" aria-live="off">
        {formatCountdown(request.expiresAt - now)} left.
      </span>
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

/** Browsers that wait at the door, on whatever page the person is. */
export function RequestBanners() {
  const { lan } = useApp();
  const { page } = useRoute();
  const shared = useAppState(({ state }) => state?.settings.lan.enabled ?? false);
  const requests = useStore(lan.store, ({ access }) => access?.requests ?? NONE);
  useEffect(() => {
    // One may have come before this window was opened.
    if (shared) void lan.load();
  }, [lan, shared]);
  // The Sharing page shows them itself.
  if (page === 'sharing') return null;
  return requests.map((request) => <RequestBanner key={request.id} request={request} />);
}
