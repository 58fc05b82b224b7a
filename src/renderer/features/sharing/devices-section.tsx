import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { Device } from '../../../shared/sharing/access-schemas';
import { useApp } from '../../app/app-context';
import { formatAge, formatDay } from '../../lib/age';
import { formatMoment } from '../../lib/range';
import { useLocalClock } from '../../ui/use-local-clock';
import { ConfirmButton } from '../../app/setting-inputs';
import { ConnectedNow } from './connected-now';

/** Seen within this time is now, ms: sightings are noted once a minute. */
const NOW = 90_000;

function formatLastSeen(device: Device, now: number): string {
  const ago = now - device.lastSeen;
  return ago < NOW ? 'Seen just now' : `Last seen ${formatAge(ago)} ago`;
}

function NameField({ device, onFailure }: { readonly device: Device; readonly onFailure: (problem: string | null) => void }) {
  const { lan } = useApp();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = async (): Promise<void> => {
    if (draft === null) return;
    const problem = draft.trim() === device.name ? null : await lan.run('lanRenameDevice', { id: device.id, name: draft });
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

function DeviceRow({ device, watching, now }: { readonly device: Device; readonly watching: boolean; readonly now: number }) {
  const { lan } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const role = useId();
  const { id, name } = device;
  return (
    <li className="row">
      <div className="row-text">
        <NameField device={device} onFailure={setFailure} />
        <p className="field-help" title={formatMoment(device.lastSeen)}>
          {watching ? <ConnectedNow /> : formatLastSeen(device, now)}, {device.lastAddress}. {device.account === null ? 'Paired' : `Account ${device.account}, in`} since {formatDay(device.createdAt)}.
        </p>
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
      <div className="row-controls">
        {device.account === null ? (
          <>
            <label className="sr" htmlFor={role}>
              Role of {name}
            </label>
            <select id={role} value={device.role} onChange={(event) => void lan.run('lanSetRole', { id, role: event.target.value as Device['role'] }).then(setFailure)}>
              <option value="viewer">Viewer</option>
              <option value="admin">Admin</option>
            </select>
          </>
        ) : (
          <span className="quiet">{device.role === 'admin' ? 'Admin' : 'Viewer'}</span>
        )}
        <ConfirmButton label="Revoke" question="Revoke access?" yes="Revoke" run={() => lan.run('lanRevoke', { id })} onFailure={setFailure} />
      </div>
    </li>
  );
}

/** Browsers that are in. */
export function PairedBrowsersSection() {
  const { lan } = useApp();
  const devices = useStore(lan.store, ({ access }) => access?.devices ?? null);
  const connections = useStore(lan.store, (slice) => slice.connections);
  const now = useLocalClock(devices !== null && devices.length > 0);
  if (devices === null) return null;
  const sorted = devices.toSorted((a, b) => b.lastSeen - a.lastSeen);
  return (
    <section className="sheet">
      <h2>Devices</h2>
      {sorted.length === 0 && <p className="sheet-empty">No browser has been let in yet.</p>}
      <ul className="rows">
        {sorted.map((device) => (
          <DeviceRow key={device.id} device={device} watching={connections?.some(({ id }) => id === device.id) ?? false} now={now} />
        ))}
      </ul>
      <p className="sheet-note">Viewers see everything the window shows. Admins can also change settings, pause monitoring and, where it is switched on, ask for a restart.</p>
    </section>
  );
}
