/** The card of a machine; the whole of it opens that machine. */
import { memo } from 'react';
import { THIS_MACHINE } from '../../../shared/machines/this-machine';
import type { MachineSummary } from '../../../shared/machines/machine-schemas';
import { formatCount } from '../../../shared/units';
import { addressOn, formatRoute } from '../../lib/route';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';
import { MachineStateText } from './machine-state';
import { otherMachine } from './machine-address';
import { clockText, isCurrent, versionText } from './machine-text';
import { OwnUsageRows, UsageRows } from './usage-rows';

/** The worst open alert, as a link to it on that machine; else why there is trouble with the machine itself, or that there is none. */
function CardFoot({ machine }: { readonly machine: MachineSummary }) {
  const { id, worst, open, problem, state } = machine;
  if (worst !== null) {
    return (
      <p className="machine-foot" data-severity={worst.severity}>
        <SeverityIcon severity={worst.severity} />
        <span className="sr">{SEVERITY_LABELS[worst.severity]}: </span>
        <a href={addressOn(otherMachine(id), worst.path)} title={worst.title}>
          {worst.title}
        </a>
        {open > 1 && <span className="machine-more">+{formatCount(open - 1)}</span>}
      </p>
    );
  }
  if (problem !== null) {
    return (
      <p className="machine-foot machine-problem" title={problem}>
        <span>{problem}</span>
      </p>
    );
  }
  return <p className="machine-foot quiet">{isCurrent({ state }) ? 'No open alerts' : 'No open alerts when it last reported'}</p>;
}

/** System, version and clock: what is not as it should be first. */
function CardFacts({ machine }: { readonly machine: MachineSummary }) {
  const clock = clockText(machine);
  const version = versionText(machine);
  return (
    <p className="machine-facts" title={`${machine.os} · ${version}${clock === null ? '' : ` · ${clock} of this machine’s`}`}>
      {clock !== null && <span className="machine-odd">{clock}</span>}
      <span className={machine.age === 'same' ? '' : 'machine-odd'}>{version}</span>
      <span>{machine.os}</span>
    </p>
  );
}

/** A machine at a glance. Rendered again only when something of the machine changed. */
export const MachineCard = memo(function MachineCard({ machine, canEdit }: { readonly machine: MachineSummary; readonly canEdit: boolean }) {
  const { id, name } = machine;
  const isThis = id === THIS_MACHINE;
  return (
    <li className="machine" data-state={machine.state} data-old={!isCurrent(machine) || undefined} data-machine={id}>
      <header>
        <h3>
          <a className="card-link" href={addressOn(otherMachine(id), formatRoute({ page: 'overview' }))} title={name}>
            {name}
          </a>
        </h3>
        {isThis && <span className="machine-this">this machine</span>}
        {canEdit && !isThis && (
          <a className="machine-edit" href={formatRoute({ page: 'machines', edit: id })} aria-label={`Settings of ${name}`} title={`Settings of ${name}`}>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M3 8h.01M8 8h.01M13 8h.01" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
            </svg>
          </a>
        )}
      </header>
      <MachineStateText machine={machine} />
      {isThis && machine.spark === null ? <OwnUsageRows usage={machine.usage} /> : <UsageRows usage={machine.usage} spark={machine.spark} />}
      <CardFacts machine={machine} />
      <CardFoot machine={machine} />
    </li>
  );
});
