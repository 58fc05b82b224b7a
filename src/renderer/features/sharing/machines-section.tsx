/** Machines that report here, on the Sharing page: those that ask to, how many there are, and the way to them. */
import { useStore } from 'zustand';
import { useApp } from '../../app/app-context';
import { formatRoute, NEW_DEVICE } from '../../lib/route';
import { RequestRow } from './pairing-section';

/** The section. */
export function MachinesSection() {
  const { machines, sharing } = useApp();
  const access = useStore(sharing.store, (slice) => slice.access);
  const requests = (access?.requests ?? []).filter(({ machine }) => machine !== undefined);
  const others = useStore(machines.store, ({ list }) => (list === null ? 0 : list.length - 1));
  return (
    <section className="section">
      <h2>Other machines</h2>
      {requests.length > 0 && (
        <ul className="rows">
          {requests.map((request) => (
            <RequestRow key={request.id} request={request} />
          ))}
        </ul>
      )}
      <div className="field">
        <p className="field-help">{others === 0 ? 'Other machines with Traywatch can report here, and are seen beside this one. You approve each.' : `${others === 1 ? '1 machine reports' : `${others} machines report`} here.`}</p>
        <div className="field-control">
          {others > 0 && (
            <a className="button" href={formatRoute({ page: 'machines' })}>
              Show
            </a>
          )}
          <a className="button" href={formatRoute({ page: 'machines', edit: NEW_DEVICE })}>
            Add machine
          </a>
        </div>
      </div>
    </section>
  );
}
