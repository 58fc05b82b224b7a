/** What each platform's file of commands provides. */
import type { PowerAction } from '../../shared/power/power-labels';

/** Program and arguments of each action. */
export type PowerCommands = (env: Readonly<Record<string, string | undefined>>) => Readonly<Record<PowerAction, readonly [string, ...string[]]>>;
