/** Calls a method on the session bus with the first command-line tool that is installed. There is no connection of its own. */
import type { Exec, ExecResult } from '../engine/programs/exec-program';

/** A call of a method whose arguments are strings. */
export interface BusCall {
  readonly service: string;
  readonly path: string;
  readonly interface: string;
  readonly method: string;
  readonly args: readonly string[];
}

/** A tool and its arguments for a call; `seconds` is how long the reply may take. */
type ToolCall = readonly [program: string, args: readonly string[]];

/** The same call for each tool, in the order they are tried. */
function toToolCalls({ service, path, interface: name, method, args }: BusCall, seconds: number): readonly ToolCall[] {
  const busctlArgs = args.length === 0 ? [] : ['s'.repeat(args.length), ...args];
  return [
    ['gdbus', ['call', '--session', '--timeout', `${seconds}`, '--dest', service, '--object-path', path, '--method', `${name}.${method}`, ...args]],
    ['busctl', ['--user', `--timeout=${seconds}`, 'call', service, path, name, method, ...busctlArgs]],
    ['dbus-send', ['--session', '--print-reply', `--reply-timeout=${seconds * 1000}`, `--dest=${service}`, path, `${name}.${method}`, ...args.map((arg) => `string:${arg}`)]],
  ];
}

/** What a tool takes beside the wait for the reply, ms. */
const TOOL_TIME = 1000;

/** The output of the tool; null when none is installed. Never rejects. */
export async function callSessionBus(exec: Exec, call: BusCall, seconds: number): Promise<ExecResult | null> {
  for (const [program, args] of toToolCalls(call, seconds)) {
    const result = await exec(program, args, seconds * 1000 + TOOL_TIME);
    if (!result.isMissing) return result;
  }
  return null;
}

/** Reads a property of an object. */
export function propertyOf(service: string, path: string, name: string, property: string): BusCall {
  return { service, path, interface: 'org.freedesktop.DBus.Properties', method: 'Get', args: [name, property] };
}

/** True when the reply says that nobody has the name, and that nobody can be started to have it. */
export function isNobody({ stderr }: Pick<ExecResult, 'stderr'>): boolean {
  return /ServiceUnknown|NameHasNoOwner|was not provided by any|not activatable|does not exist|Could not activate remote peer/i.test(stderr);
}

/** Why there is no reply, as text for the log. */
export function describeNoReply({ code, stderr }: Pick<ExecResult, 'code' | 'stderr'>): string {
  const [line = ''] = stderr.trim().split('\n');
  if (line !== '') return line;
  return code === null ? 'no reply within the deadline' : `exit code ${code}`;
}
