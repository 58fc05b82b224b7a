/** What engines tell of containers, understood: the list, and what is told of one. Pure. */
import type { ContainerHealth, ContainerInfo, ContainerState } from '../../../shared/containers/container-schemas';
import { idOf, lineOf, listOf, LONGEST, numberOf, objectOf, textOf, timeOf, wholeOf } from './answer';
import { healthOf } from './engine-event';

/** Which engine it is. */
export type EngineKind = 'docker' | 'podman';

/** A container in the list of an engine. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  /** Null where the list does not tell. */
  readonly health: ContainerHealth | null;
  /** Epoch ms. */
  readonly createdAt: number | null;
  /** Those that say what it is a part of. */
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: ContainerInfo['ports'];
}

/** What an engine tells of one container. Null: it does not say. */
export interface InspectedContainer {
  readonly state: ContainerState | null;
  /** Epoch ms; null while it was never started, or did not end yet. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly exitCode: number | null;
  readonly restarts: number | null;
  /** "no", "always", "unless-stopped" or "on-failure". */
  readonly restartPolicy: string | null;
  /** Id of its first process, on the machine of the engine; null while it does not run. */
  readonly pid: number | null;
  readonly oomKilled: boolean | null;
  /** Why it could not be started. */
  readonly error: string | null;
  /** Null where it has no health check. */
  readonly health: { readonly status: ContainerHealth; readonly failures: number; readonly output: string | null } | null;
}

/** Most ports of a container that are kept: a range may publish thousands. */
const MOST_PORTS = 100;

const STATES: ReadonlySet<unknown> = new Set<ContainerState>(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']);
/** Podman's words for states that Docker does not have. */
const OTHER_STATES: Readonly<Record<string, ContainerState>> = { configured: 'created', initialized: 'created', stopping: 'running', stopped: 'exited' };

function stateOf(value: unknown): ContainerState | null {
  const isState = (one: unknown): one is ContainerState => STATES.has(one);
  const text = textOf(value)?.toLowerCase() ?? '';
  return isState(text) ? text : (Object.hasOwn(OTHER_STATES, text) ? (OTHER_STATES[text] ?? null) : null);
}

/** Of "Up 3 hours (healthy)", "Up 2 seconds (health: starting)". */
function healthInStatus(status: string | null): ContainerHealth | null {
  const [, word] = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status ?? '') ?? [];
  return healthOf(word);
}

function portsOf(value: unknown): ContainerInfo['ports'] {
  return listOf(value)
    .slice(0, MOST_PORTS)
    .flatMap((one) => {
      const port = objectOf(one);
      const inside = wholeOf(port.PrivatePort);
      return inside === null ? [] : [{ container: inside, protocol: lineOf(port.Type, 16) ?? 'tcp', host: wholeOf(port.PublicPort), address: lineOf(port.IP, 64) }];
    });
}

/** Of "/shop-db", and of several where other containers link to it, its own: the one without a further slash. */
function nameOf(value: unknown): string | null {
  const names = listOf(value).flatMap((one) => lineOf(one, LONGEST.name)?.replace(/^\//, '') ?? []);
  return names.find((name) => !name.includes('/')) ?? names[0] ?? null;
}

/** Labels of compose, Swarm and Kubernetes; others are of no use here, and may be long. */
const OF_ORIGIN = /^(com\.docker\.(compose|swarm|stack)|io\.podman\.compose|io\.kubernetes)\.(project|service|oneoff|container-number|namespace|(service|task)\.name|(pod|container)\.name(space)?|pod\.namespace|docker\.type)$/;

function labelsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objectOf(value)).flatMap(([key, text]) => (typeof text === 'string' && OF_ORIGIN.test(key) ? [[key, text.slice(0, LONGEST.name)]] : [])));
}

function listed(value: unknown): ListedContainer | null {
  const one = objectOf(value);
  const id = idOf(one.Id);
  const state = stateOf(one.State);
  if (id === null || state === null) return null;
  const created = numberOf(one.Created);
  return {
    id,
    name: nameOf(one.Names) ?? id.slice(0, 12),
    image: lineOf(one.Image, LONGEST.image) ?? '',
    state,
    health: healthOf(objectOf(one.Health).Status) ?? healthInStatus(textOf(one.Status)),
    createdAt: created === null ? timeOf(one.Created) : created * 1000,
    labels: labelsOf(one.Labels),
    ports: portsOf(one.Ports),
  };
}

/** The answer of `/containers/json`; null where it is no list. */
export function parseList(answer: unknown): readonly ListedContainer[] | null {
  return Array.isArray(answer) ? answer.flatMap((one) => listed(one) ?? []) : null;
}

function healthIn(state: Readonly<Record<string, unknown>>): InspectedContainer['health'] {
  const health = objectOf(state.Health ?? state.Healthcheck);
  // Podman writes "" where there is no check.
  const status = healthOf(health.Status);
  if (status === null || status === 'none') return null;
  return { status, failures: wholeOf(health.FailingStreak) ?? 0, output: lineOf(objectOf(listOf(health.Log).at(-1)).Output) };
}

/** The answer of `/containers/{id}/json`. */
export function parseInspected(answer: unknown): InspectedContainer {
  const one = objectOf(answer);
  const state = objectOf(one.State);
  const policy = objectOf(objectOf(one.HostConfig).RestartPolicy);
  const pid = wholeOf(state.Pid);
  return {
    state: stateOf(state.Status),
    startedAt: timeOf(state.StartedAt),
    finishedAt: timeOf(state.FinishedAt),
    exitCode: wholeOf(state.ExitCode),
    restarts: wholeOf(one.RestartCount),
    restartPolicy: textOf(policy.Name),
    pid: pid !== null && pid > 0 ? pid : null,
    oomKilled: typeof state.OOMKilled === 'boolean' ? state.OOMKilled : null,
    error: lineOf(state.Error),
    health: healthIn(state),
  };
}

/** A container with what is known of it. `inspected` is null where the engine did not tell. */
export interface ContainerRecord extends ListedContainer {
  readonly inspected: InspectedContainer | null;
}

/** Health: that of the list where it tells, else what was told of this one. */
export function healthIs({ health, inspected }: ContainerRecord): ContainerHealth {
  return health ?? inspected?.health?.status ?? 'none';
}

/** Which engine answers, and its version. Null where the answer is that of something else. `/version`; "Podman Engine" stands among its components. */
export function parseVersion(answer: unknown): { readonly kind: EngineKind; readonly version: string } | null {
  const one = objectOf(answer);
  const version = lineOf(one.Version, 40);
  if (version === null || textOf(one.ApiVersion) === null) return null;
  const isPodman = listOf(one.Components).some((component) => (textOf(objectOf(component).Name) ?? '').startsWith('Podman'));
  return { kind: isPodman ? 'podman' : 'docker', version };
}

/** What an engine tells of itself; null: it does not say. */
export interface EngineFacts {
  /** Which daemon it is, so that one that is reached in two ways counts once. Podman makes up another ID for each answer. */
  readonly identity: string | null;
  /** Its data folder as it names it. */
  readonly folder: string | null;
  /** Bytes of the machine that it runs on. */
  readonly memory: number | null;
}

/** The answer of `/info`. */
export function parseInfo(answer: unknown, kind: EngineKind): EngineFacts {
  const { ID, Name, DockerRootDir, MemTotal } = objectOf(answer);
  const folder = lineOf(DockerRootDir, 1000);
  const daemon = kind === 'docker' ? textOf(ID) : folder === null ? null : `${textOf(Name) ?? ''} ${folder}`;
  return { identity: daemon === null ? null : `${kind} ${daemon}`, folder, memory: numberOf(MemTotal) };
}
