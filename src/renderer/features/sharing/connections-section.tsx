import { useState } from 'react';
import { useStore } from 'zustand';
import type { ConnectedClient } from '../../../shared/sharing/connected-client';
import { useApp } from '../../app/app-context';
import { formatInterval, formatSince, connectionOrigin } from './sharing-text';
import { useLocalClock } from '../../ui/use-local-clock';
import { ConfirmButton } from '../../app/setting-inputs';

function ConnectionRow({ viewer, now }: { readonly viewer: ConnectedClient; readonly now: number }) {
  const { lan } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const { id, name, kind, role, since, addresses } = viewer;
  const isToken = kind === 'token';
  return (
    <li className="row">
      <div className="row-text">
        <strong>{name}</strong> <span className="role-word">{role === 'admin' ? 'Admin' : 'Viewer'}</span>
        <p className="field-help">
          {formatSince(since, now)}. {formatInterval(viewer)}. {connectionOrigin(viewer)}, from {addresses.join(', ')}.
        </p>
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
      <div className="row-controls">
        <ConfirmButton
          label="Revoke"
          question={isToken ? 'Revoke token? Anything using it stops working.' : 'Revoke access?'}
          yes="Revoke"
          run={() => (isToken ? lan.run('lanRemoveToken', { id }) : lan.run('lanRevoke', { id }))}
          onFailure={setFailure}
        />
      </div>
    </li>
  );
}

/** Who watches at this moment. */
export function ConnectionsSection() {
  const { lan } = useApp();
  const connections = useStore(lan.store, (slice) => slice.connections);
  const listening = useStore(lan.store, ({ server }) => server?.state === 'listening');
  const some = connections !== null && connections.length > 0;
  const now = useLocalClock(some);
  if (!listening || connections === null) return null;
  return (
    <section className="sheet">
      <h2>
        Watching now <span className="quiet">{some ? connections.length : ''}</span>
      </h2>
      {some ? (
        <>
          <ul className="rows">
            {connections.map((viewer) => (
              <ConnectionRow key={viewer.id} viewer={viewer} now={now} />
            ))}
          </ul>
          <p className="sheet-note">Revoking ends it at once. One that lost its network without a word can stand here for up to a quarter of an hour.</p>
        </>
      ) : (
        <p className="sheet-empty">Nobody is watching.</p>
      )}
    </section>
  );
}
