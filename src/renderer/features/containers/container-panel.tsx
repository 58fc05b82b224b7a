/** What is known of one container, above its charts: how it was made, how it ended, its events, and what can be done with it. */
import type { ContainerInfo } from '../../../shared/containers/container-schemas';
import { ContainerActions } from './container-actions';
import { ContainerFacts } from './container-facts';
import { useContainerEvents, useDetails } from './use-container-details';
import { useContainers } from './use-containers';
import './containers.css';

function LoadedPanel({ container, show }: { readonly container: ContainerInfo } & Pick<ReturnType<typeof useContainers>, 'show'>) {
  const result = useDetails(container);
  const events = useContainerEvents(container.device, container.name);
  return (
    <ContainerFacts container={container} result={result} events={events}>
      <ContainerActions container={container} onDone={show} />
    </ContainerFacts>
  );
}

/** The panel of the container that has this series now; of several, a running one, and else the latest. */
export function ContainerPanel({ device }: { readonly device: string }) {
  const { list, failure, show } = useContainers();
  const [container] = (list?.containers ?? []).filter((one) => one.device === device).toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || (b.createdAt ?? 0) - (a.createdAt ?? 0));
  if (failure !== null && list === null) {
    return (
      <p className="page-empty" role="alert">
        Couldn’t load the container: {failure}
      </p>
    );
  }
  if (list === null) return <div className="container-awaited" aria-busy="true" />;
  if (container === undefined) return <p className="page-empty">No engine has this container now. Its values and events are kept.</p>;
  return <LoadedPanel container={container} show={show} />;
}
