/**
 * Under which series a container is kept. Containers come and go, and each that was kept by its id would be a set of series for as long
 * as history is kept; so a series is that of a name: of a service where one is told, else of the container. Pure.
 */
import { toPlainLine } from '../../../shared/plain-text';
import type { Value } from '../../../shared/metrics/reading';

/** What is known of a container. */
export interface NamedContainer {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Without the slash that engines put before it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Id of its engine. */
  readonly engine: string;
  /** "no", "always", "unless-stopped", "on-failure"; null or empty where it is not known. */
  readonly restartPolicy: string | null;
  readonly isRunning: boolean;
  /** Epoch ms; null while it was never started. */
  readonly startedAt: Value;
}

/** How a container is called. */
export interface SeriesName {
  /** Id of its series: at most 200 characters of visible text. */
  readonly device: string;
  /** Display name. */
  readonly label: string;
  /** Of compose, a stack or a namespace; null without. */
  readonly project: string | null;
  readonly service: string | null;
  /** False for one that comes and goes under a name that nobody gave it. */
  readonly isStored: boolean;
}

/** Names by the id of the container, to be passed to the next call, so that a container keeps its name while others come and go. */
export type SeriesNames = ReadonlyMap<string, SeriesName>;

/** A container with an unknown name that has run for this long, ms, is there to stay. */
const LASTING = 60 * 60_000;
/** Most characters of a name, and of an engine behind it: with a number they make less than 200. */
const LONGEST = 150;
const LONGEST_ENGINE = 30;

/** The first words of names that Docker and Podman make up: an adjective and a surname. */
const ADJECTIVES =
  'admiring|adoring|affectionate|agitated|amazing|angry|awesome|beautiful|blissful|bold|boring|brave|busy|charming|clever|cool|compassionate|competent|condescending|confident|cranky|crazy|dazzling|determined|distracted|dreamy|eager|ecstatic|elastic|elated|elegant|eloquent|epic|exciting|fervent|festive|flamboyant|focused|friendly|frosty|funny|gallant|gifted|goofy|gracious|great|happy|hardcore|heuristic|hopeful|hungry|infallible|inspiring|intelligent|interesting|jolly|jovial|keen|kind|laughing|loving|lucid|magical|modest|musing|mystifying|naughty|nervous|nice|nifty|nostalgic|objective|optimistic|peaceful|pedantic|pensive|practical|priceless|quirky|quizzical|recursing|relaxed|reverent|romantic|sad|serene|sharp|silly|sleepy|stoic|strange|stupefied|suspicious|sweet|tender|thirsty|trusting|unruffled|upbeat|vibrant|vigilant|vigorous|wizardly|wonderful|xenodochial|youthful|zealous|zen';
const MADE_UP = new RegExp(`^(?:${ADJECTIVES})_[a-z]+\\d*$`);
/** A part of a name that a program chose: a hash (with a letter and a digit), or a time or number of a job. */
const CHOSEN = /(?:^|[^0-9a-z])(?:(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}|\d{6,})(?:[^0-9a-z]|$)/;

/** True for a name that no person gave. Pure. */
function isMadeUp(name: string): boolean {
  return MADE_UP.test(name) || CHOSEN.test(name);
}

/** The name of a workload of Kubernetes from that of its pod: what a deployment, a job and a daemon set put behind it is left out, also twice. */
function workloadOf(pod: string): string {
  return pod.replace(/(?:-(?:[bcdfghjklmnpqrstvwxz2456789]{8,10}|\d{6,10}))?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '');
}

/** A name that lasts, and what it is made of. */
interface Base {
  readonly name: string;
  readonly project: string | null;
  readonly service: string | null;
  /** Somebody set up what runs under it. */
  readonly isGiven: boolean;
}

/** The number of one of several containers of a service; the first has none, so that its series stays when others are added. */
const numbered = (name: string, number: string | undefined): string => (number !== undefined && /^\d{1,6}$/.test(number) && Number(number) > 1 ? `${name}/${number}` : name);

function ofCompose(labels: NamedContainer['labels']): Base | null {
  const told = (field: string): string | undefined => labels[`com.docker.compose.${field}`] ?? labels[`io.podman.compose.${field}`];
  const [project, service] = [told('project'), told('service')];
  // One that was started for a single command is none of the service.
  if (project === undefined || service === undefined || told('oneoff')?.toLowerCase() === 'true') return null;
  return { name: numbered(`${project}/${service}`, told('container-number')), project, service, isGiven: true };
}

function ofSwarm(labels: NamedContainer['labels']): Base | null {
  const full = labels['com.docker.swarm.service.name'];
  if (full === undefined) return null;
  const project = labels['com.docker.stack.namespace'] ?? null;
  const service = project !== null && full.startsWith(`${project}_`) ? full.slice(project.length + 1) : full;
  const slot = /\.(\d+)\.[^.]*$/.exec(labels['com.docker.swarm.task.name'] ?? '')?.[1];
  return { name: numbered(project === null ? service : `${project}/${service}`, slot), project, service, isGiven: true };
}

function ofKubernetes(labels: NamedContainer['labels']): Base | null {
  const [namespace, pod, container] = [labels['io.kubernetes.pod.namespace'], labels['io.kubernetes.pod.name'], labels['io.kubernetes.container.name']];
  if (namespace === undefined || pod === undefined) return null;
  const service = workloadOf(pod);
  // What holds the network of a pod does nothing itself.
  const isSandbox = container === undefined || container === 'POD' || labels['io.kubernetes.docker.type'] === 'podsandbox';
  return { name: `${namespace}/${service}/${isSandbox ? 'pod' : container}`, project: namespace, service, isGiven: !isSandbox };
}

function baseOf({ id, name, labels, restartPolicy }: NamedContainer): Base {
  const hasPolicy = restartPolicy !== null && restartPolicy !== '' && restartPolicy !== 'no';
  const own = { name, project: null, service: null, isGiven: hasPolicy || !isMadeUp(name) };
  const base = ofCompose(labels) ?? ofSwarm(labels) ?? ofKubernetes(labels) ?? own;
  // Cut, half a character may be left.
  const plain = (text: string): string => toPlainLine(toPlainLine(text).slice(0, LONGEST));
  const text = (value: string | null): string | null => (value === null ? null : plain(value) || null);
  return { ...base, name: plain(base.name) || id.slice(0, 12), project: text(base.project), service: text(base.service) };
}

/** Those that run first, so that one that was replaced and has ended does not keep the name from its successor; then the older one. */
function byRight(held: SeriesNames): (a: NamedContainer, b: NamedContainer) => number {
  const right = (one: NamedContainer): readonly number[] => [one.isRunning ? 0 : 1, held.has(one.id) ? 0 : 1];
  return (a, b) => {
    const [[runs = 0, had = 0], [runsToo = 0, hadToo = 0]] = [right(a), right(b)];
    return runs - runsToo || had - hadToo || (a.engine < b.engine ? -1 : Number(a.engine > b.engine)) || (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.id < b.id ? -1 : 1);
  };
}

/** A free name: the plain one, else with the engine where a container of another engine has that, else with a number. */
function freeName(name: string, engine: string, taken: ReadonlyMap<string, string>): string {
  const holder = taken.get(name);
  if (holder === undefined) return name;
  const beside = holder === engine ? name : `${name} (${toPlainLine(engine).slice(0, LONGEST_ENGINE)})`;
  let [free, number] = [beside, 2];
  while (taken.has(free)) {
    free = `${beside} #${number}`;
    number += 1;
  }
  return free;
}

/**
 * Names of all containers by their id. `held` is what the last call returned; `now` in epoch ms. No two have the same; a container
 * that runs keeps its own while others come and go.
 */
export function toSeriesNames(containers: readonly NamedContainer[], held: SeriesNames, now: number): SeriesNames {
  const names = new Map<string, SeriesName>();
  /** Engine of the container that has a name. */
  const taken = new Map<string, string>();
  for (const one of containers.toSorted(byRight(held))) {
    const { name, project, service, isGiven } = baseOf(one);
    const before = held.get(one.id)?.device;
    const isBefore = before !== undefined && (before === name || before.startsWith(`${name} `)) && !taken.has(before);
    const device = isBefore ? before : freeName(name, one.engine, taken);
    taken.set(device, one.engine);
    const lasts = one.isRunning && one.startedAt !== null && now - one.startedAt >= LASTING;
    // What has ended, and whose successor has its name, is about to be removed.
    const isReplaced = !one.isRunning && device !== name && taken.get(name) === one.engine;
    names.set(one.id, { device, label: device, project, service, isStored: (isGiven || lasts) && !isReplaced });
  }
  return names;
}
