/** What is said of containers: why one is in the state it is in, and what happened to one. Pure. */
import type { EventSeverity } from '../../../shared/timeline/event-schemas';
import type { OwnEventType } from '../../../shared/timeline/event-types';
import type { Happening } from './fates';
import { healthIs } from './record';
import type { ContainerRecord } from './record';

/** Longest result of a health check that is quoted, characters. */
const QUOTED = 120;

const cut = (text: string): string => (text.length > QUOTED ? `${text.slice(0, QUOTED - 1)}…` : text);

function healthReason({ inspected }: ContainerRecord, quotes: boolean): string | null {
  const { failures = 0, output = null } = inspected?.health ?? {};
  const times = failures > 1 ? `its health check failed ${failures} times` : 'its health check failed';
  return output === null || !quotes ? times : `${times}: ${cut(output)}`;
}

function endReason({ inspected, state }: ContainerRecord): string | null {
  if (inspected === null || state === 'created' || state === 'removing') return null;
  const { exitCode, oomKilled, error } = inspected;
  if (error !== null) return `it could not be started: ${cut(error)}`;
  if (oomKilled === true) return `killed for want of memory, exit code ${exitCode ?? 137}`;
  return exitCode === null || exitCode === 0 ? null : `exit code ${exitCode}`;
}

/**
 * Why a container is in its state; null where there is nothing to say. `printed`: its last log lines, as far as they are known, where
 * what a container prints may be told; null where it may not, since it reaches alerts, the timeline and browsers, and may hold secrets.
 */
export function reasonOf(record: ContainerRecord, printed: readonly string[] | null): string | null {
  const { state } = record;
  if (state === 'paused') return null;
  if (state === 'running') return healthIs(record) === 'unhealthy' ? healthReason(record, printed !== null) : null;
  const reason = endReason(record);
  return reason === null || printed === null || printed.length === 0 ? reason : `${reason}; its last log lines: ${printed.join(' | ')}`;
}

/** Type and severity of an event of the timeline. */
export const EVENT_OF: Readonly<Record<Happening['kind'], { readonly type: OwnEventType; readonly severity: EventSeverity }>> = {
  started: { type: 'container_started', severity: 'info' },
  restarted: { type: 'container_restarted', severity: 'info' },
  stopped: { type: 'container_stopped', severity: 'info' },
  died: { type: 'container_died', severity: 'warning' },
  oom: { type: 'container_oom', severity: 'warning' },
  unhealthy: { type: 'container_unhealthy', severity: 'warning' },
  healthy: { type: 'container_healthy', severity: 'info' },
};

/** What is said after the name. `code` is the exit code, null where it is not known. */
const SAID: Readonly<Record<Happening['kind'], (code: number | null) => string>> = {
  started: () => 'was started',
  restarted: () => 'was started again',
  stopped: (code) => (code === null || code === 0 ? 'stopped' : `was stopped with exit code ${code}`),
  died: (code) => (code === null ? 'ended by itself' : `ended with exit code ${code}`),
  oom: () => 'ran out of memory, and something in it was killed',
  unhealthy: () => 'is unhealthy',
  healthy: () => 'is healthy again',
};

/** "shop-db ended with exit code 3". */
export function eventText({ kind, exitCode }: Pick<Happening, 'kind' | 'exitCode'>, name: string): string {
  return `${name} ${SAID[kind](exitCode)}`;
}
