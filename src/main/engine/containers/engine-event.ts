/** Events of an engine: what one line of its stream says, in the words of all engines. Pure. */
import type { ContainerHealth } from '../../../shared/containers/container-schemas';
import { idOf, lineOf, LONGEST, numberOf, objectOf, parseJson, textOf, wholeOf } from './answer';

/** What happens to a container. changed: something of it is another than before, such as its name. */
export type EventKind = 'started' | 'killed' | 'died' | 'stopped' | 'restarted' | 'oom' | 'health' | 'changed' | 'removed';

/** One event of a container. */
export interface EngineEvent {
  readonly kind: EventKind;
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
  /** Epoch ms, by the clock of the engine. */
  readonly time: number;
  /** Which event it is: the same for one that is sent again. */
  readonly key: string;
  readonly exitCode: number | null;
  /** Number of the signal it was sent, with `killed`; Podman does not tell. */
  readonly signal: number | null;
  /** With `health`; null where the engine does not say. */
  readonly health: ContainerHealth | null;
}

const KINDS: Readonly<Record<string, EventKind>> = {
  create: 'changed',
  start: 'started',
  kill: 'killed',
  die: 'died',
  died: 'died',
  stop: 'stopped',
  restart: 'restarted',
  oom: 'oom',
  health_status: 'health',
  pause: 'changed',
  unpause: 'changed',
  rename: 'changed',
  update: 'changed',
  destroy: 'removed',
  remove: 'removed',
};

/** Actions that are asked for: health checks alone would cause three more each time they run. */
export const ASKED_ACTIONS = Object.keys(KINDS);

/** The word of an engine for the state of a health check. */
export function healthOf(value: unknown): ContainerHealth | null {
  return value === 'healthy' || value === 'unhealthy' || value === 'starting' ? value : value === 'none' ? 'none' : null;
}

/** The last time that a date can be, epoch ms: what is later is rubbish, and nothing could be asked for from then on. */
const LAST_TIME = 8.64e15;

/** One line of the stream of events; null where it is about nothing that is of interest here. */
export function parseEngineEvent(line: string): EngineEvent | null {
  const event = objectOf(parseJson(line));
  const actor = objectOf(event.Actor);
  const attributes = objectOf(actor.Attributes);
  // Docker writes "health_status: healthy", Podman the word alone, with the result among the attributes or nowhere.
  const [action = '', result] = (textOf(event.Action) ?? textOf(event.status) ?? '').split(': ');
  const kind = Object.hasOwn(KINDS, action) ? KINDS[action] : undefined;
  const id = idOf(actor.ID) ?? idOf(event.id);
  const nano = numberOf(event.timeNano);
  const time = nano === null ? (numberOf(event.time) ?? Number.NaN) * 1000 : nano / 1e6;
  if (kind === undefined || id === null || !(time > 0 && time <= LAST_TIME) || (textOf(event.Type) ?? 'container') !== 'container') return null;
  return {
    kind,
    id,
    name: lineOf(attributes.name, LONGEST.name),
    image: lineOf(attributes.image, LONGEST.image),
    time,
    key: [nano ?? time, id, action, result].join(' '),
    exitCode: wholeOf(attributes.exitCode) ?? (kind === 'died' ? wholeOf(attributes.containerExitCode) : null),
    signal: wholeOf(attributes.signal),
    health: kind === 'health' ? (healthOf(result) ?? healthOf(attributes.health_status)) : null,
  };
}
