/** What is said of engines that do not answer, and what to do. Pure. */
import type { EngineStatus } from '../../../shared/containers/container-schemas';
import type { Platform } from '../collectors/deps';
import type { EngineError } from './client';
import type { EngineCandidate } from './discovery';

/** State of an engine with its reason, or null for one that is simply not there. */
export type Trouble = Pick<EngineStatus, 'state'> & { readonly reason: string };

/** How to be allowed to ask it. Whoever may talk to an engine that runs as root can do everything that root can. */
function permission({ kind, label, address }: EngineCandidate, platform: Platform): string {
  const denied = `${label}: Traywatch may not open ${address}.`;
  if (platform === 'win32') return `${denied} Add your account to the group docker-users, then sign out and in again.`;
  if (platform === 'darwin') return `${denied} Let your account read and write it, then restart ${label}.`;
  if (kind === 'podman') return `${denied} It belongs to another account. To see your own containers, run: systemctl --user enable --now podman.socket`;
  return `${denied} Add your account to the group docker (sudo usermod -aG docker "$USER"), then sign out and in again. Members of this group can do everything on this machine, as root can.`;
}

/** Who named an engine that is not there. */
const NAMED = {
  settings: 'which the settings name. Start it, or remove it from the settings.',
  DOCKER_HOST: 'which DOCKER_HOST names. Start it, or change DOCKER_HOST.',
  context: "which Docker's current context names. Start it, or choose another with: docker context use",
} as const;

/** What an error says about an engine. `hasAnswered`: it was there before in this run. */
export function troubleOf(error: EngineError, candidate: EngineCandidate, platform: Platform, hasAnswered: boolean): Trouble | null {
  const { label, address, namedBy } = candidate;
  if (error.problem === 'denied') return { state: 'notPermitted', reason: permission(candidate, platform) };
  if (error.problem === 'late') return { state: 'notAnswering', reason: `${label} does not answer at ${address}. If this lasts, restart it.` };
  if (error.problem !== 'absent') return { state: 'notAnswering', reason: `${label} at ${address} gave no usable answer: ${error.message}` };
  if (hasAnswered) return { state: 'notAnswering', reason: `${label} is not running any more. Start it to see its containers.` };
  return namedBy === null ? null : { state: 'notInstalled', reason: `${label}: nothing listens at ${address}, ${NAMED[namedBy]}` };
}
