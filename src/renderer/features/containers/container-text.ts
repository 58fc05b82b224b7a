/** Words for containers: state, ports, how one ended, and what can be done with it. Pure. */
import type { ContainerAction, ContainerDetails, ContainerInfo } from '../../../shared/containers/container-schemas';

const STATE_WORDS: Readonly<Record<ContainerInfo['state'], string>> = { created: 'Created', running: 'Running', paused: 'Paused', restarting: 'Restarting', removing: 'Removing', exited: 'Exited', dead: 'Dead' };
const HEALTH_WORDS: Readonly<Record<ContainerInfo['health'], string>> = { none: 'Running', starting: 'Starting', healthy: 'Healthy', unhealthy: 'Unhealthy' };

/** "Healthy", "Running" without a health check, "Exited (137)". */
export function stateText({ state, health, exitCode }: Pick<ContainerInfo, 'state' | 'health' | 'exitCode'>): string {
  if (state === 'running') return HEALTH_WORDS[health];
  return state === 'exited' && exitCode !== null ? `${STATE_WORDS[state]} (${exitCode})` : STATE_WORDS[state];
}

/** What a container is called below the head of its project: compose puts the project before each name. */
export function nameInProject({ name, project }: Pick<ContainerInfo, 'name' | 'project'>): string {
  const rest = project !== null && /^[-_]/.test(name.slice(project.length)) && name.startsWith(project) ? name.slice(project.length + 1) : '';
  return rest === '' ? name : rest;
}

/** "8080 → 80/tcp", "80/tcp, not published". */
export function portText({ container, protocol, host, address }: ContainerInfo['ports'][number]): string {
  if (host === null) return `${container}/${protocol}, not published`;
  return `${address === null || address === '' ? '' : `${address.includes(':') ? `[${address}]` : address}:`}${host} → ${container}/${protocol}`;
}

/** Why it ended last: its exit code, and whether it was for want of memory. */
export function exitText({ container: { exitCode, state }, oomKilled }: ContainerDetails): string | null {
  if (state === 'running' || exitCode === null) return null;
  if (oomKilled === true) return `Exit code ${exitCode}: it was killed because it ran out of memory.`;
  if (exitCode === 137) return `Exit code ${exitCode}: it was killed (SIGKILL).`;
  return exitCode === 0 ? 'Exit code 0: it ended by itself, without an error.' : `Exit code ${exitCode}.`;
}

/** What can be done with a container in this state. */
export function actionsFor(state: ContainerInfo['state']): readonly ContainerAction[] {
  if (state === 'running' || state === 'restarting' || state === 'paused') return ['restart', 'stop'];
  return state === 'removing' || state === 'dead' ? [] : ['start'];
}
