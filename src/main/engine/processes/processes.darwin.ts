/** Processes of macOS from ps(1), which is started only when the processes are asked for. */
import type { Clock } from '../clock';
import { CollectorError } from '../collectors/collector';
import { sumOf } from '../collectors/numbers';
import { ProgramError } from '../programs/programs';
import type { Programs } from '../programs/programs';
import type { ProcessMemory, ProcessSource, RawProcess, RawProcessSnapshot, ReadDetail } from './process-source';
import { sanitizeCommand, sanitizeName } from './sanitize';

/** Dependencies of the source. */
export interface DarwinProcessParts {
  readonly programs: Pick<Programs, 'read'>;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  /** Bytes of memory. */
  totalMemory(): number;
}

const PS = '/bin/ps';

/** Deadline of a program, ms: each looks at every process, and a busy machine has thousands. */
const DEADLINE = 10_000;

/** ps tells for how many whole seconds a process has run; start times computed from that vary by up to this, ms. */
const SAME_START = 2500;

/** All processes (`-ax`), no line cut (`-ww`); a column with an empty title has no header, and the last one may hold blanks. */
const columns = (...names: readonly string[]): string[] => ['-axww', ...names.flatMap((name) => ['-o', `${name}=`])];

/** What rates and names are made of, and what else the table shows. The path of the program and its arguments both may hold blanks. */
const NUMBERS = columns('pid', 'time', 'rss', 'etime', 'comm');
const COMMANDS = columns('pid', 'user', 'command');

/** Seconds of `[[days-]hours:]minutes:seconds[.hundredths]`, in some languages with a comma; null if malformed. */
export function parseDuration(text: string): number | null {
  const [, days = '0', hours = '0', minutes, seconds] = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:[.,]\d+)?)$/.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined) return null;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds.replace(',', '.'));
}

/** A byte above 127 as vis(3) writes it in the language C: `M-C` for 0xC3, `M^\` for 0x9C, `\240` for 0xA0. */
const ENCODED = /(?:M-[!-~]|M\^[?-_]|\\240)+/g;

function byteOf(code: string): number {
  if (code === '\\240') return 0xa0;
  const character = code.charCodeAt(2);
  return code[1] === '^' ? 0x80 | (character ^ 0x40) : 0x80 | character;
}

/** Letters that are not ASCII, which ps writes byte by byte as vis(3) does; what is no UTF-8 was meant as it stands. */
export function decodeVis(text: string): string {
  if (!text.includes('M-')) return text;
  return text.replaceAll(ENCODED, (run) => {
    const decoded = Buffer.from((run.match(/M-[!-~]|M\^[?-_]|\\240/g) ?? []).map(byteOf)).toString('utf8');
    return decoded.includes('\uFFFD') ? run : decoded;
  });
}

/** One row of the numbers. */
interface Numbers {
  readonly pid: number;
  readonly busySeconds: number | null;
  readonly memory: number;
  /** Seconds since the start. */
  readonly age: number | null;
  readonly program: string;
}

/** Parses the rows of the numbers. Pid 0 is the kernel, and left out; a line that is no row belongs to an odd name. */
export function parseNumbers(text: string): Numbers[] {
  return text.split('\n').flatMap((line): Numbers[] => {
    const [, pid, time = '', kib, age = '', program = ''] = /^ *(\d+) +(\S+) +(\d+) +(\S+) +(.*\S) *$/.exec(line) ?? [];
    if (Number(pid ?? 0) === 0) return [];
    return [{ pid: Number(pid), busySeconds: parseDuration(time), memory: Number(kib) * 1024, age: parseDuration(age), program: decodeVis(program) }];
  });
}

/** Users and command lines by pid. */
export function parseCommands(text: string): ReadonlyMap<number, { readonly user: string; readonly command: string }> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, pid, user, command] = /^ *(\d+) +(\S+) +(.*\S) *$/.exec(line) ?? [];
      return pid === undefined || user === undefined || command === undefined ? [] : [[Number(pid), { user, command: decodeVis(command) }] as const];
    }),
  );
}

/**
 * The name of a program: the end of its path. A login shell has a dash before it, a process that has ended brackets around it,
 * and a server may write its task there ("postgres: writer").
 */
export function nameIn(program: string): string {
  if (program.startsWith('/')) return sanitizeName(program.slice(program.lastIndexOf('/') + 1));
  return sanitizeName(program.replace(/^-|^\((.*)\)$/, '$1').replace(/: .*$/, ''));
}

/** The start time of before if the new one differs only by that variation. */
function stableStart(startedAt: number | null, before: number | null | undefined): number | null {
  return startedAt !== null && before !== null && before !== undefined && Math.abs(startedAt - before) <= SAME_START ? before : startedAt;
}

/** The processes of one read; `now` in epoch ms, `before` the start times of the read before. */
export function processesOf(numbers: readonly Numbers[], commands: ReturnType<typeof parseCommands>, now: number, before: ReadonlyMap<number, number | null>): RawProcess[] {
  return numbers.map(({ pid, busySeconds, memory, age, program }) => {
    const startedAt = stableStart(age === null ? null : now - age * 1000, before.get(pid));
    const more = commands.get(pid);
    return {
      pid,
      key: `${pid}-${startedAt ?? ''}`,
      name: nameIn(program),
      born: startedAt ?? 0,
      busySeconds,
      cpu: null,
      memory,
      readBytes: null,
      writtenBytes: null,
      user: more === undefined ? null : sanitizeName(more.user),
      command: more === undefined ? null : sanitizeCommand(more.command),
      startedAt,
      container: null,
    };
  });
}

/** Creates the source. */
export function darwinProcesses({ programs, clock, totalMemory }: DarwinProcessParts): ProcessSource {
  let starts: ReadonlyMap<number, number | null> = new Map();
  const ask = async (columnsAsked: readonly string[]): Promise<string> => {
    try {
      return await programs.read(PS, columnsAsked, DEADLINE);
    } catch (error) {
      throw error instanceof ProgramError ? new CollectorError(error.kind, error.message, { cause: error }) : error;
    }
  };
  // The time beside the numbers: the command lines may take longer.
  const readNumbers = async () => ({ numbers: await ask(NUMBERS), time: clock.now(), mono: clock.mono() });
  const snapshot = async (detail: ReadDetail): Promise<RawProcessSnapshot> => {
    const [{ numbers, time, mono }, commands] = await Promise.all([readNumbers(), detail === 'full' ? ask(COMMANDS) : '']);
    const processes = processesOf(parseNumbers(numbers), parseCommands(commands), time, starts);
    if (processes.length === 0) throw new CollectorError('ParseError', 'ps: lists no process');
    starts = new Map(processes.map(({ pid, startedAt }) => [pid, startedAt]));
    return { time, mono, processes };
  };
  return {
    startsProcess: true,
    snapshot,
    // What the processes share is not told: their sum is only kept from being impossible.
    groupMemory: (groups) => Promise.resolve(groups.map((members) => Math.min(totalMemory(), sumOf(members.map(({ memory }: ProcessMemory) => memory)) ?? 0))),
    forget: () => {
      starts = new Map();
    },
  };
}
