/** The facts of one container, its health checks and its events, as they were answered. */
import type { ReactNode } from 'react';
import type { ContainerDetails, ContainerInfo } from '../../../shared/containers/container-schemas';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { formatDateTime } from '../../lib/range';
import { formatEventType } from '../../lib/event-text';
import { CopyButton } from '../../ui/copy-button';
import { EVENT_SEVERITY_LABELS, EventIcon } from '../../ui/event-icon';
import { exitText, portText } from './container-text';
import { StateWord } from './state-icon';
import type { DetailsResult } from './use-container-details';
import './container-panel.css';

/** An id as engines shorten it. */
const SHORT_ID = 12;

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const NOT_TOLD = <span className="quiet">–</span>;

const timeText = (time: number | null): ReactNode => (time === null ? NOT_TOLD : formatDateTime(time));

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return <span className="quiet">None</span>;
  return (
    <ul className="container-lines">
      {[...new Set(lines)].map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** When and how it ended; nothing for one that has not. */
function Ended({ details }: { readonly details: ContainerDetails }) {
  const ended = exitText(details);
  return ended === null ? null : <Fact name="Ended">{details.finishedAt === null ? ended : `${formatDateTime(details.finishedAt)} · ${ended}`}</Fact>;
}

/** What the engine tells beside the list. A viewer in a browser learns neither command nor folders. */
function MoreFacts({ details }: { readonly details: ContainerDetails }) {
  const { command, restartPolicy, restarts, hiddenVariables, mounts, networks } = details;
  return (
    <>
      <Fact name="Mounts">
        <Lines lines={mounts.map(({ type, source, target, isWritable }) => `${source === '' ? type : source} → ${target}${isWritable ? '' : ', read-only'}`)} />
      </Fact>
      <Fact name="Networks">
        <Lines lines={networks.map(({ name, address }) => (address === null || address === '' ? name : `${name}, ${address}`))} />
      </Fact>
      <Fact name="Restart policy">{restartPolicy === null || restartPolicy === '' ? NOT_TOLD : restartPolicy}</Fact>
      <Fact name="Automatic restarts">{restarts ?? NOT_TOLD}</Fact>
      <Fact name="Command">{command === null ? <span className="quiet">Not available, or hidden for your role</span> : <code>{command}</code>}</Fact>
      <Fact name="Environment">{hiddenVariables === 1 ? '1 variable, hidden' : `${hiddenVariables} variables, hidden`}</Fact>
    </>
  );
}

function HealthLog({ log }: { readonly log: ContainerDetails['healthLog'] }) {
  if (log.length === 0) return null;
  return (
    <section className="table-panel" aria-label="Health checks">
      <h2>Health checks</h2>
      <ul className="container-log">
        {log.map(({ time, exitCode, output }) => (
          <li key={`${time ?? ''} ${exitCode ?? ''} ${output}`}>
            <span className="quiet">{timeText(time)}</span>
            <span>{exitCode === null ? 'No result' : exitCode === 0 ? 'Passed' : `Failed (${exitCode})`}</span>
            <code>{output.trim()}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Events({ events }: { readonly events: readonly ActivityEvent[] | null }) {
  return (
    <section className="table-panel" aria-label="Events">
      <h2>Events</h2>
      {events === null && <p className="table-note">Loading…</p>}
      {events?.length === 0 && <p className="table-note">None in the timeline.</p>}
      {events !== null && events.length > 0 && (
        <ul className="container-log">
          {events.map(({ id, time, type, severity, message }) => (
            <li key={id}>
              <span className="quiet">{formatDateTime(time)}</span>
              <span>
                <EventIcon severity={severity} /> <span className="sr">{EVENT_SEVERITY_LABELS[severity]}</span> {formatEventType(type)}
              </span>
              <span>{message}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface PanelViewProps {
  readonly container: ContainerInfo;
  readonly result: DetailsResult;
  readonly events: readonly ActivityEvent[] | null;
  /** Buttons, where there are any. */
  readonly children?: ReactNode;
}

/** The panel, of what was answered. */
export function ContainerFacts({ container, result, events, children }: PanelViewProps) {
  const { id, image, project, service, ports, createdAt, startedAt } = container;
  const details = result !== null && 'details' in result ? result.details : null;
  return (
    <>
      <section className="table-panel container-facts" aria-label="Container">
        <div className="panel-head">
          <h2>Container</h2>
          {children}
        </div>
        <dl>
          <Fact name="State">
            <StateWord state={container.state} health={container.health} exitCode={container.exitCode} />
          </Fact>
          {details !== null && <Ended details={details} />}
          <Fact name="Image">{image}</Fact>
          {project !== null && <Fact name="Compose project">{service === null ? project : `${project}, service ${service}`}</Fact>}
          <Fact name="Started">{timeText(startedAt)}</Fact>
          <Fact name="Created">{timeText(createdAt)}</Fact>
          <Fact name="Ports">
            <Lines lines={ports.map(portText)} />
          </Fact>
          {details !== null && <MoreFacts details={details} />}
          <Fact name="ID">
            <code title={id}>{id.slice(0, SHORT_ID)}</code> <CopyButton text={id} name="Copy the container’s ID" />
          </Fact>
        </dl>
        {result === null && <p className="table-note">Loading…</p>}
        {result !== null && 'failure' in result && (
          <p className="table-note" role="alert">
            Couldn’t load more: {result.failure}
          </p>
        )}
      </section>
      <div className="container-logs">
        {details !== null && <HealthLog log={details.healthLog} />}
        <Events events={events} />
      </div>
    </>
  );
}
