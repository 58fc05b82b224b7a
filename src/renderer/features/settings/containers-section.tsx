/** Container engines in the settings: whether they are watched, further ones, and what may be done and shown. */
import { useId, useState } from 'react';
import type { ContainerSettings } from '../../../shared/containers/container-settings';
import { Field } from '../../app/settings-fields';
import { SwitchSetting, useSettingsUpdate } from '../../app/setting-inputs';
import { parseEndpoints } from './endpoint-list';
import './containers.css';

/** Addresses of engines, one a line: saved when the field loses the focus, reset by Escape. */
function EndpointsField({ endpoints }: { readonly endpoints: ContainerSettings['endpoints'] }) {
  const { failure, save } = useSettingsUpdate();
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const shown = problem ?? failure;
  const commit = (): void => {
    if (draft === null) return;
    const parsed = parseEndpoints(draft);
    setProblem(parsed.problem);
    if (parsed.problem === null) save({ containers: { endpoints: [...parsed.endpoints] } }, () => setDraft(null));
  };
  return (
    <Field id={id} label="Further container engines" help="Docker and Podman are found by themselves. Others, one a line: unix:///path, npipe:////./pipe/name, tcp://host:port." failure={shown}>
      <textarea
        id={id}
        className="endpoint-list"
        rows={3}
        spellCheck={false}
        value={draft ?? endpoints.join('\n')}
        aria-describedby={`${id}-help`}
        aria-invalid={shown !== null}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={commit}
        onKeyDown={({ key }) => {
          if (key !== 'Escape') return;
          setDraft(null);
          setProblem(null);
        }}
      />
    </Field>
  );
}

/** The section "Containers". */
export function ContainersSection({ containers }: { readonly containers: ContainerSettings }) {
  return (
    <section className="section">
      <h2>Containers</h2>
      <SwitchSetting
        label="Watch containers"
        help="Looks for Docker and Podman and reads what their containers use. Whoever may use Docker’s socket could become administrator of this machine; Traywatch only reads, unless you allow more below."
        checked={containers.enabled}
        toPatch={(enabled) => ({ containers: { enabled } })}
      />
      <EndpointsField endpoints={containers.endpoints} />
      <SwitchSetting
        label="Log lines of failed containers"
        help="Puts the last log lines of a container that failed, and what its health check printed, into alerts and the timeline, which browsers show as well. They may hold secrets."
        checked={containers.logLines}
        toPatch={(logLines) => ({ containers: { logLines } })}
      />
      <SwitchSetting
        label="Start and stop containers"
        help="Allows starting, stopping and restarting containers from this window. Browsers on the network never can."
        checked={containers.actions}
        toPatch={(actions) => ({ containers: { actions } })}
      />
    </section>
  );
}
