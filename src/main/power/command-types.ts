/** The interface of the platform files. */
import type { PowerAction } from '../../shared/power/power-labels';

/** Program and arguments of each action. `env` is the environment of the process. */
export type PowerCommands = (env: Readonly<Record<string, string | undefined>>) => Readonly<Record<PowerAction, readonly [string, ...string[]]>>;
