/** Paired and signed-in browsers on the Sharing page: rename, change role, revoke. */
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Device } from '../../../shared/sharing/access-schemas';
import { useApp } from '../../app/app-context';
import { formatAge, formatDay } from '../../lib/age';
import { formatDateTime } from '../../lib/range';
import { FailureText } from '../../ui/failure-text';
import { useLocalClock } from '../../ui/use-local-clock';
import { ConfirmButton } from '../../app/setting-inputs';
import { ConnectedNow } from './connected-now';
import { RoleSelect } from './role-select';

/** A browser seen within this time counts as seen just now, ms: the time is recorded once a minute. */
const JUST_NOW = 90_000;

function formatLastSeen(device: Device, now: number): string {
  const ago = now - device.lastSeen;
  return ago < JUST_NOW ? 'Seen just now' : `Last seen ${formatAge(ago)} ago`;
}

function NameField({ device, onFailure }: { readonly device: Device; readonly onFailure: (problem: string | null) => void }) {
  const { sharing } = useApp();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = async (): Promise<void> => {
    if (draft === null) return;
    const problem = draft.trim() === device.name ? null : await sharing.run('lanRenameDevice', { id: device.id, name: draft });
    onFailure(problem);
    if (problem === null) setDraft(null);
  };
  return (
    <input
      className="quiet-input"
      type="text"
      aria-label={`Name of ${device.name}`}
      maxLength={60}
      value={draft ?? device.name}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => void commit()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void commit();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}

function PairedBrowserRow({ device, connected, now }: { readonly device: Device; readonly connected: boolean; readonly now: number }) {
  const { sharing } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const { id, name } = device;
  return (
    <li className="row">
      <div className="row-text">
        <NameField device={device} onFailure={setFailure} />
        <p className="field-help" title={formatDateTime(device.lastSeen)}>
          {connected ? <ConnectedNow /> : formatLastSeen(device, now)}, {device.lastAddress}. {device.account === null ? 'Paired' : `Signed in as ${device.account}`} since {formatDay(device.createdAt)}.
        </p>
        <FailureText text={failure} />
      </div>
      <div className="row-controls">
        {device.account === null ? (
          <RoleSelect name={name} role={device.role} onChoose={(role) => void sharing.run('lanSetRole', { id, role }).then(setFailure)} />
        ) : (
          <span className="quiet">{device.role === 'admin' ? 'Admin' : 'Viewer'}</span>
        )}
        <ConfirmButton label="Revoke" question="Revoke access?" yes="Revoke" run={() => sharing.run('lanRevoke', { id })} onFailure={setFailure} />
      </div>
    </li>
  );
}

/** The browsers that have access, most recently seen first. */
export function PairedBrowsersSection() {
  const { sharing } = useApp();
  const devices = useStore(sharing.store, ({ access }) => access?.devices ?? null);
  const connections = useStore(sharing.store, (slice) => slice.connections);
  const now = useLocalClock(devices !== null && devices.length > 0);
  if (devices === null) return null;
  const sorted = devices.toSorted((a, b) => b.lastSeen - a.lastSeen);
  return (
    <section className="section">
      <h2>Paired browsers</h2>
      {sorted.length === 0 && <p className="section-empty">No paired browsers yet.</p>}
      <ul className="rows">
        {sorted.map((device) => (
          <PairedBrowserRow key={device.id} device={device} connected={connections?.some(({ id }) => id === device.id) ?? false} now={now} />
        ))}
      </ul>
      <p className="section-note">Viewers can see everything. Admins can also change settings, pause monitoring and, if enabled, request a restart.</p>
    </section>
  );
}
