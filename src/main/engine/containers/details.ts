/** What an engine tells of one container, for its page. Its environment is counted and never read out. Pure. */
import type { ContainerDetails, ContainerInfo } from '../../../shared/containers/container-schemas';
import { withoutInvisible } from '../../../shared/plain-text';
import { lineOf, listOf, objectOf, textOf, timeOf, wholeOf } from './answer';
import { parseInspected } from './record';

/** Most entries of a list, and characters of a result of a health check. */
const MOST = { entries: 100, checks: 5, output: 1000, command: 1000, path: 1000 } as const;

function commandOf(config: Readonly<Record<string, unknown>>): string | null {
  const words = [...listOf(config.Entrypoint), ...listOf(config.Cmd)].flatMap((word) => textOf(word) ?? []);
  return lineOf(words.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' '), MOST.command);
}

function mountsOf(value: unknown): ContainerDetails['mounts'] {
  return listOf(value)
    .slice(0, MOST.entries)
    .map((one) => {
      const mount = objectOf(one);
      const path = (text: unknown): string => lineOf(text, MOST.path) ?? '';
      return { type: path(mount.Type), source: path(mount.Name) || path(mount.Source), target: path(mount.Destination), isWritable: mount.RW === true };
    });
}

function networksOf(value: unknown): ContainerDetails['networks'] {
  return Object.entries(objectOf(value))
    .slice(0, MOST.entries)
    .map(([name, one]) => ({ name: lineOf(name) ?? '', address: lineOf(objectOf(one).IPAddress) ?? lineOf(objectOf(one).GlobalIPv6Address) }));
}

function healthLogOf(state: Readonly<Record<string, unknown>>): ContainerDetails['healthLog'] {
  return listOf(objectOf(state.Health ?? state.Healthcheck).Log)
    .slice(-MOST.checks)
    .map((one) => {
      const check = objectOf(one);
      return { time: timeOf(check.End), exitCode: wholeOf(check.ExitCode), output: withoutInvisible(textOf(check.Output) ?? '').slice(0, MOST.output) };
    })
    .toReversed();
}

/** The answer of `/containers/{id}/json` about a container. */
export function parseDetails(answer: unknown, container: ContainerInfo): ContainerDetails {
  const one = objectOf(answer);
  const config = objectOf(one.Config);
  const { restarts, restartPolicy, oomKilled, finishedAt, startedAt } = parseInspected(answer);
  return {
    container,
    command: commandOf(config),
    restarts,
    restartPolicy: restartPolicy === null || restartPolicy === '' ? null : restartPolicy,
    oomKilled,
    // Of the run before, while it runs.
    finishedAt: finishedAt !== null && startedAt !== null && finishedAt < startedAt ? null : finishedAt,
    hiddenVariables: listOf(config.Env).length,
    mounts: mountsOf(one.Mounts),
    networks: networksOf(objectOf(one.NetworkSettings).Networks),
    healthLog: healthLogOf(objectOf(one.State)),
  };
}
