/**
 * The room diagnostics: what a bug report needs to say about this Traywatch and the system around it, as plain text that can
 * be pasted into an issue.
 *
 * It may import src/shared, the engine and lib. It may not import core, desktop, lan or transports. The core and the commands
 * import it.
 *
 * This file writes the text. What it is given is numbers, codes and names from closed lists (known-names.ts, log-problems.ts):
 * a host name, a path or an address has no field here, so it needs no filter. What names something is in `names`, which is
 * there only where the user asked for it. Pure.
 */
import type { FaultKind } from '../../shared/metrics/reading';
import type { SandboxState } from '../../shared/sandbox';
import type { AutostartStatus } from '../../shared/autostart';
import { formatValue } from '../../shared/units';
import type { LogProblem } from './log-problems';

/** One metric family. */
export interface FamilyFacts {
  readonly id: string;
  /** A reading, a fault, or nothing yet. */
  readonly state: 'ok' | 'waiting' | FaultKind;
  /** For how long it fails, ms; null where it does not. */
  readonly failingFor: number | null;
  /** Milliseconds between two reads while nobody looks; null where it is read only while somebody does. */
  readonly every: number | null;
  /** Mean milliseconds of a read; null before the first. */
  readonly cost: number | null;
  /** Number of devices in the last reading; null without one. */
  readonly devices: number | null;
}

/** One tier of the history. Epoch ms; null where it is empty. */
interface TierFacts {
  readonly name: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** The history. */
export interface HistoryFacts {
  /** Where it is; `unreadable` also for a file of a newer version. */
  readonly where: 'file' | 'memory' | 'none' | 'unreadable';
  /** An error code from a closed list; null where there was none. */
  readonly code: string | null;
  readonly bytes: number | null;
  readonly schema: number | null;
  readonly tiers: readonly TierFacts[];
  /** Batches that cannot be written now; null where another process writes. */
  readonly waiting: number | null;
}

/** What is known of the desktop; null without one. */
export interface DesktopFacts {
  readonly name: string;
  readonly session: string;
  readonly tray: 'present' | 'absent' | 'unknown';
  readonly autostart: Pick<AutostartStatus, 'state' | 'reason'>;
}

/** What names people, machines and places. */
export interface NamedFacts {
  readonly hostname: string;
  readonly user: string;
  readonly dataFolder: string;
  readonly commandLine: string;
  readonly addresses: readonly string[];
  /** What the entry for start at login names. */
  readonly autostart: string | null;
  /** Messages of the faults, by family. */
  readonly faults: Readonly<Record<string, string>>;
  /** The last lines of the log with a problem, as they stand there. */
  readonly log: readonly string[];
}

/** Everything that is said. */
export interface DiagnosticsFacts {
  /** Epoch ms. */
  readonly time: number;
  /** By the Traywatch that runs, or by a command of its own, which reads every family anew. */
  readonly by: 'app' | 'command';
  readonly app: { readonly version: string; readonly kind: string; readonly electron: string; readonly chromium: string; readonly node: string; readonly sqlite: string; readonly upFor: number | null };
  readonly system: { readonly os: string; readonly kernel: string; readonly arch: string; readonly cores: number; readonly memory: number | null };
  readonly desktop: DesktopFacts | null;
  readonly sandbox: SandboxState;
  readonly families: readonly FamilyFacts[];
  /** Mean milliseconds a tick blocks the event loop; null where nothing ticks. */
  readonly tick: number | null;
  readonly history: HistoryFacts;
  readonly problems: readonly LogProblem[];
  readonly names: NamedFacts | null;
}

const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;
const milliseconds = (ms: number | null): string => (ms === null ? '-' : `${ms.toFixed(2)} ms`);

/** Lines with their columns under each other. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`);
}

function familyLines(families: readonly FamilyFacts[], tick: number | null): string[] {
  const rows = families.map(({ id, state, failingFor, every, cost, devices }) => [
    id,
    failingFor === null ? state : `${state} for ${seconds(failingFor)}`,
    every === null ? 'while viewed' : `every ${seconds(every)}`,
    milliseconds(cost),
    devices === null ? '-' : `${devices}`,
  ]);
  return [...table([['family', 'state', 'read', 'cost', 'devices'], ...rows]), `  A tick takes ${milliseconds(tick)}`];
}

function historyLines({ where, code, bytes, schema, tiers, waiting }: HistoryFacts): string[] {
  const head = [
    `  Where: ${where}${code === null ? '' : ` (${code})`}`,
    `  Size: ${formatValue(bytes, 'bytes').replaceAll('\u202F', ' ')}`,
    `  Schema: ${schema ?? '-'}`,
    `  Not written yet: ${waiting === null ? '-' : waiting}`,
  ];
  const rows = tiers.map(({ name, from, to }) => [name, from === null ? 'empty' : iso(from), to === null ? '' : `to ${iso(to)}`]);
  return [...head, ...table(rows)];
}

function desktopLines(desktop: DesktopFacts | null): string[] {
  if (desktop === null) return ['  None'];
  const { name, session, tray, autostart } = desktop;
  return [`  Desktop: ${name}`, `  Session: ${session}`, `  Tray: ${tray}`, `  Start at login: ${autostart.state}${autostart.reason === null ? '' : ` (${autostart.reason})`}`];
}

function problemLines(problems: readonly LogProblem[]): string[] {
  if (problems.length === 0) return ['  None'];
  return problems.map(({ time, level, scope, text, code, count }) => `  ${iso(time)} ${level} ${scope}: ${text}${code === null ? '' : ` [${code}]`}${count === 1 ? '' : ` (${count} times)`}`);
}

function nameLines(names: NamedFacts): string[] {
  return [
    `  Host name: ${names.hostname}`,
    `  User: ${names.user}`,
    `  Data folder: ${names.dataFolder}`,
    `  Command line: ${names.commandLine}`,
    `  Addresses: ${names.addresses.join(', ') || 'none'}`,
    ...(names.autostart === null ? [] : [`  Start at login: ${names.autostart}`]),
    ...Object.entries(names.faults).map(([family, message]) => `  Fault of ${family}: ${message}`),
    ...names.log.map((line) => `  Log: ${line}`),
  ];
}

const runtimeText = ({ electron, chromium, node }: DiagnosticsFacts['app']): string => (electron === 'none' ? `Node ${node}` : `Electron ${electron}, Chromium ${chromium}, Node ${node}`);

/** The text, always in the same order. */
export function formatDiagnostics(facts: DiagnosticsFacts): string {
  const { app, system, names } = facts;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Traywatch diagnostics', [`  Made: ${iso(facts.time)} by ${facts.by === 'app' ? 'the running app' : 'traywatch --diagnose'}`, `  Names, paths and addresses: ${names === null ? 'left out' : 'included'}`]],
    ['App', [`  Version: ${app.version} (${app.kind})`, `  Runtime: ${runtimeText(app)}`, `  SQLite: ${app.sqlite}`, `  Sandbox: ${app.electron === 'none' ? 'none needed without Electron' : facts.sandbox}`, `  Running for: ${app.upFor === null ? '-' : seconds(app.upFor)}`]],
    ['System', [`  System: ${system.os}`, `  Kernel: ${system.kernel}`, `  Architecture: ${system.arch}`, `  Cores: ${system.cores}`, `  Memory: ${formatValue(system.memory, 'bytes').replaceAll('\u202F', ' ')}`]],
    ['Desktop', desktopLines(facts.desktop)],
    ['Metrics', familyLines(facts.families, facts.tick)],
    ['History', historyLines(facts.history)],
    ['Last problems in the log', problemLines(facts.problems)],
    ...(names === null ? [] : [['Names', nameLines(names)] as const]),
  ];
  return `${sections.map(([title, lines]) => [title, ...lines].join('\n')).join('\n\n')}\n`;
}
