/** Live connections on the Sharing page. */
import { useState } from 'react';
import { useStore } from 'zustand';
import type { ConnectedClient } from '../../../shared/sharing/connected-client';
import { useApp } from '../../app/app-context';
import { formatInterval, formatSince, connectionOrigin } from './sharing-text';
import { FailureText } from '../../ui/failure-text';
import { useLocalClock } from '../../ui/use-local-clock';
import { ConfirmButton } from '../../app/setting-inputs';

function ConnectionRow({ client, now }: { readonly client: ConnectedClient; readonly now: number }) {
  const { sharing } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const { id, name, kind, role, since, addresses } = client;
  const isToken = kind === 'token';
  return (
    <li className="row">
      <div className="row-text">
        <strong>{name}</strong> <span className="role-label">{role === 'admin' ? 'Admin' : 'Viewer'}</span>
        <p className="field-help">
          {formatSince(since, now)} · {formatInterval(client)} · {connectionOrigin(client)} · {addresses.join(', ')}
        </p>
        <FailureText text={failure} />
      </div>
      <div className="row-controls">
        <ConfirmButton
          label="Revoke"
          question={isToken ? 'Revoke token? Anything using it stops working.' : 'Revoke access?'}
          yes="Revoke"
          run={() => (isToken ? sharing.run('lanRemoveToken', { id }) : sharing.run('lanRevoke', { id }))}
          onFailure={setFailure}
        />
      </div>
    </li>
  );
}

/** The clients that are receiving live data now: browsers and scripts. */
export function ConnectionsSection() {
  const { sharing } = useApp();
  const connections = useStore(sharing.store, (slice) => slice.connections);
  const listening = useStore(sharing.store, ({ server }) => server?.state === 'listening');
  const hasConnections = connections !== null && connections.length > 0;
  const now = useLocalClock(hasConnections);
  if (!listening || connections === null) return null;
  return (
    <section className="section">
      <h2>
        Connected now <span className="quiet">{hasConnections ? connections.length : ''}</span>
      </h2>
      {hasConnections ? (
        <>
          <ul className="rows">
            {connections.map((client) => (
              <ConnectionRow key={client.id} client={client} now={now} />
            ))}
          </ul>
          <p className="section-note">Revoking disconnects at once. Lost connections may stay listed for up to 15 minutes.</p>
        </>
      ) : (
        <p className="section-empty">No one is connected.</p>
      )}
    </section>
  );
}
