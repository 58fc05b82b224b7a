/** The container engines, each once, with what is wrong with one that does not answer. */
import type { EngineStatus } from '../../../shared/containers/container-schemas';
import { SeverityIcon } from '../../ui/severity-icon';

const STATE_WORDS: Readonly<Record<EngineStatus['state'], string>> = { answering: 'Running', notInstalled: 'Not installed', notPermitted: 'No permission', notAnswering: 'Not answering' };

/** One line for each engine; where it is reached is told at the machine alone. */
export function EngineList({ engines }: { readonly engines: readonly EngineStatus[] }) {
  return (
    <ul className="engines" aria-label="Container engines">
      {engines.map(({ id, label, endpoint, state, reason, version }) => (
        <li key={id} data-state={state}>
          <p>
            <SeverityIcon severity={state === 'answering' ? 'healthy' : 'unknown'} /> <strong>{label}</strong>
            {version !== null && <span className="quiet"> {version}</span>} <span className="quiet">· </span>
            {STATE_WORDS[state]}
            {endpoint !== '' && <span className="quiet engine-endpoint"> · {endpoint}</span>}
          </p>
          {reason !== null && <p className="engine-reason">{reason}</p>}
        </li>
      ))}
    </ul>
  );
}
