/** The state of a container as a shape, which can be told without color. */
import { memo } from 'react';
import type { ContainerInfo } from '../../../shared/containers/container-schemas';
import { stateText } from './container-text';

type Shown = Pick<ContainerInfo, 'state' | 'health' | 'exitCode'>;

function Shape({ state, health }: Shown) {
  if (state === 'running' && health === 'unhealthy') return <path d="M6 1.2 11.3 10.6H.7Z" fill="currentColor" />;
  if (state === 'running' && health === 'starting') return <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="3 2" />;
  if (state === 'running') return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
  if (state === 'paused') return <path d="M3 1.5h2v9H3zM7 1.5h2v9H7z" fill="currentColor" />;
  if (state === 'restarting') return <path d="M10 6a4 4 0 1 1-1.3-2.9M9.6.8v2.8H6.8" fill="none" stroke="currentColor" strokeWidth="1.5" />;
  if (state === 'dead') return <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2" />;
  return <rect x="2" y="2" width="8" height="8" rx="1" fill="none" stroke="currentColor" strokeWidth="1.5" />;
}

/** Shape and word. */
export const StateWord = memo(function StateWord({ state, health, exitCode }: Shown) {
  const tone = state !== 'running' ? 'quiet' : health === 'unhealthy' ? 'problem' : 'good';
  return (
    <span className="container-state" data-tone={tone}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <Shape state={state} health={health} exitCode={exitCode} />
      </svg>
      {stateText({ state, health, exitCode })}
    </span>
  );
});
