/** Collects what diagnostics say: from the parts of a running app, or from its files. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Snapshot } from '../../shared/metrics/reading';
import type { AutostartStatus } from '../../shared/autostart';
import type { HostInfo } from '../../shared/host-info';
import { messageOf } from '../../shared/result';
import type { SandboxState } from '../../shared/sandbox';
import { readFileFacts, sqliteVersion } from '../engine/store/query/file-facts';
import type { Paths } from '../lib/paths';
import { readRegularFile } from '../lib/regular-file';
import { formatDiagnostics } from './diagnostics-text';
import type { DesktopFacts, DiagnosticsFacts, FamilyFacts, HistoryFacts, NamedFacts } from './diagnostics-text';
import { desktopName, kernelVersion, sessionType, systemName } from './known-names';
import { codeIn, logProblems, problemLines } from './log-problems';

/** Where the facts come from. */
export interface DiagnosticsSources {
  readonly by: DiagnosticsFacts['by'];
  /** Epoch ms. */
  readonly now: number;
  /** checkout, package, AppImage, Snap or Flatpak. */
  readonly kind: string;
  readonly sandbox: SandboxState;
  /** Null without a desktop. */
  readonly desktop: { readonly tray: DesktopFacts['tray']; readonly autostart: AutostartStatus } | null;
  readonly host: HostInfo;
  readonly snapshot: Pick<Snapshot, 'readings' | 'faults'>;
  /** Mean milliseconds per read, by family. */
  readonly costs: Readonly<Record<string, number | null>>;
  readonly tick: number | null;
  /** `path` is null where the history is in memory only; `waiting`: batches that cannot be written, null where that is not known. */
  readonly history: { readonly path: string | null; readonly waiting: number | null };
  readonly paths: Pick<Paths, 'folder' | 'log'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly commandLine: readonly string[];
  readonly addresses: readonly string[];
}

/** Kinds of problems, and lines, that are said. */
const LAST = 15;
/** Most bytes of one file of the log. */
const LOG_BYTES = 4_000_000;

function familyFacts(id: FamilyId, { snapshot, costs, now }: DiagnosticsSources): FamilyFacts {
  const [fault, reading] = [snapshot.faults[id], snapshot.readings[id]];
  return {
    id,
    state: fault?.kind ?? (reading === undefined ? 'waiting' : 'ok'),
    failingFor: fault === undefined ? null : Math.max(0, now - fault.since),
    every: familyOf(id).samplingInterval.background,
    cost: costs[id] ?? null,
    devices: reading === undefined ? null : Object.keys(reading.devices).length,
  };
}

function historyFacts({ history: { path, waiting }, now }: DiagnosticsSources): HistoryFacts {
  const nothing = { code: null, bytes: null, schema: null, tiers: [], waiting };
  if (path === null) return { ...nothing, where: 'memory' };
  if (!existsSync(path)) return { ...nothing, where: 'none' };
  try {
    const { schema, bytes, tiers } = readFileFacts(path);
    // A chunk may cover more time than has passed.
    return { where: 'file', code: null, bytes, schema, waiting, tiers: tiers.map(({ name, from, to }) => ({ name, from, to: to === null ? null : Math.min(to, now) })) };
  } catch (error) {
    const code = codeIn(`${error instanceof Error && 'code' in error ? String(error.code) : ''} ${messageOf(error)}`);
    return { ...nothing, where: 'unreadable', code };
  }
}

/** The log and the file before it; what cannot be read is left out. */
function logText(path: string): string {
  const read = (file: string): string => {
    try {
      return readRegularFile(file, LOG_BYTES)?.toString('utf8') ?? '';
    } catch {
      return '';
    }
  };
  return `${read(`${path}.1`)}\n${read(path)}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** Words that name the machine, the user or a folder above the home, in lower case: they are not said even where they are ordinary. */
function secretWords({ host, home, env }: DiagnosticsSources): ReadonlySet<string> {
  return new Set([host.hostname, userName(), env['USER'] ?? '', env['LOGNAME'] ?? '', home].flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length > 1));
}

function namedFacts({ host, paths, commandLine, addresses, desktop, snapshot }: DiagnosticsSources, log: string): NamedFacts {
  return {
    hostname: host.hostname,
    user: userName(),
    dataFolder: paths.folder,
    commandLine: commandLine.join(' '),
    addresses,
    autostart: desktop?.autostart.what ?? null,
    faults: Object.fromEntries(Object.entries(snapshot.faults).map(([family, fault]) => [family, fault.message])),
    log: problemLines(log, LAST),
  };
}

/** The diagnostics as text. `withNames` adds what names people, machines and places. Never throws. */
export function diagnosticsText(sources: DiagnosticsSources, withNames: boolean): string {
  const { host, now, by, kind, env, desktop } = sources;
  const { electron = 'none', chrome = 'none', node } = process.versions as Readonly<Record<string, string | undefined>>;
  const log = logText(sources.paths.log);
  return formatDiagnostics({
    time: now,
    by,
    app: { version: host.appVersion, kind, electron, chromium: chrome, node: node ?? 'none', sqlite: sqliteVersion(), upFor: by === 'app' ? Math.max(0, now - host.startTime) : null },
    system: { os: systemName(host.os), kernel: kernelVersion(host.kernel), arch: host.arch, cores: host.cores, memory: host.memoryTotal },
    desktop: desktop === null ? null : { name: desktopName(env['XDG_CURRENT_DESKTOP'] ?? ''), session: sessionType(env), tray: desktop.tray, autostart: desktop.autostart },
    sandbox: sources.sandbox,
    families: FAMILY_IDS.map((id) => familyFacts(id, sources)),
    tick: sources.tick,
    history: historyFacts(sources),
    problems: logProblems(log, secretWords(sources), LAST),
    names: withNames ? namedFacts(sources, log) : null,
  });
}
