/**
 * Composition of the app without a desktop: the core and the LAN server, on a machine that may have no display. URLs, the
 * certificate's fingerprint and pairing codes are printed to the terminal.
 *
 * It may import any part of main except desktop and transports, and the LAN server, which the LAN controller loads. What
 * differs between Electron and plain Node comes from headless-electron.ts and headless-node.ts, its only importers.
 */
import { join } from 'node:path';
import type { Caller } from '../shared/api/dispatch';
import type { LanState } from '../shared/sharing/lan-state';
import { runCommand } from './power/power-commands';
import { createDatabaseWorker } from './history/database-worker-client';
import type { ThreadedDatabaseWorker } from './history/database-worker-client';
import { createCore } from './core/core';
import type { Core } from './core/core';
import { clockOf, systemTimers } from './engine/clock';
import { watchedMachine } from './engine/collectors/demo-machine';
import type { DemoSource, WatchedMachine } from './engine/collectors/demo-machine';
import type { SystemDeps } from './engine/collectors/deps';
import { ownMachine } from './engine/collectors/own-machine';
import { awakeClock } from './engine/windows/awake-clock';
import { createFileLog } from './engine/log';
import type { FileLog } from './engine/log';
import { lockFolder } from './engine/store/folder-lock';
import { approveByCode, purposeOf } from './approve-by-code';
import type { CodeRights } from './approve-by-code';
import { createLanController } from './core/lan-controller';
import type { LanController } from './core/lan-controller';
import { forwardAppEvents } from './core/app-events';
import { selfMetricsSource } from './core/self-metrics-source';
import type { OwnProcesses } from './core/self-metrics-source';
import { showStartProblems } from './core/start-notices';
import type { Installation } from './diagnostics/installation';
import { pathsIn } from './lib/paths';
import type { Paths } from './lib/paths';
import type { UncaughtErrors } from './lib/uncaught';
import { formatRuntime } from './core/runtime-versions';
import { endingOf, setupShutdown } from './lib/shutdown';
import type { QuittingApp } from './lib/shutdown';
import type { JoinOptions } from './join-options';
import { codeHint, followTerminal } from './terminal-commands';
import { joinOnTerminal, printReporting } from './terminal-join';

/** The user of the terminal has the permissions that the window has elsewhere. */
const TERMINAL: Caller = { id: 'terminal', role: 'local' };
const NO_DESKTOP = 'not available without a desktop';

/** What differs between the runtimes. */
export interface HeadlessHost {
  /** The user-data folder. */
  readonly folder: string;
  readonly version: string;
  /** Access to the machine. */
  readonly system: SystemDeps;
  readonly processes: OwnProcesses;
  readonly installation: Installation;
  readonly app: QuittingApp;
  /** Ends the process now. */
  exit(code: 0 | 1): void;
}

/** How it was started. */
export interface HeadlessStart extends CodeRights {
  /** The demo machine to watch, null for this one. */
  readonly demo: DemoSource | null;
  /** What to say about the user-data folder, or null. */
  readonly folderProblem: string | null;
  /** The hub to join; absent for none. */
  readonly join?: JoinOptions;
  /** Gets what is done before an uncaught error ends it. */
  readonly uncaught: UncaughtErrors;
}

type Print = (line: string) => void;

/** The state of the server as lines for the terminal; empty for a state that needs none. */
function toLines(state: LanState): readonly string[] {
  if (state.state === 'listening') {
    const { certificate } = state;
    const encryption = certificate === null ? 'Warning: not encrypted (HTTP).' : `Certificate fingerprint (SHA-256): ${certificate.fingerprint}`;
    const problem = certificate === null || certificate.problem === null ? [] : [`Warning: ${certificate.problem}`];
    return [...state.urls.map((url) => `Open ${url}`), encryption, ...problem, ...state.missing.map(({ address, message }) => `Not listening on ${address}: ${message}`)];
  }
  return state.state === 'failed' ? [`Server not running: ${state.message}. Retrying.`] : [];
}

/** Prints each state once: a state is also reported when only the number of connected browsers changes. */
function createStatePrinter(print: Print): (state: LanState) => void {
  let printed = '';
  return (state) => {
    const text = toLines(state).join('\n');
    if (text !== '' && text !== printed) print(text);
    if (text !== '') printed = text;
  };
}

/** Prints each notice once: there is no window that could show it. */
function printNotices({ notices, onAppState }: Core, print: Print): void {
  const printed = new Map<string, string>();
  const printNew = (): void => {
    for (const { id, severity, title, body } of notices.list()) {
      if (severity === 'info' || printed.get(id) === body) continue;
      printed.set(id, body);
      print(`${severity === 'error' ? 'Error' : 'Warning'}: ${title}. ${body}`);
    }
  };
  printNew();
  onAppState(printNew);
}

/** 12345678 → 1234 5678. */
const toGroups = (code: string): string => code.replace(/\d{4}(?=\d)/g, '$& ');

/** Prints a pairing code. A request with it needs no other approval (approve-by-code.ts). */
function printCode({ remoteAccess }: Core, rights: CodeRights, hint: string, print: Print): void {
  const { code } = remoteAccess.access.pairing.createCode('long');
  print(`Pairing code: ${toGroups(code)}  (${purposeOf(rights)}, expires in 5 min)\n${hint}`);
}

/** Says once per code that wrong guesses have used it up: otherwise the right code would only seem to be wrong. */
function sayUsedUp({ remoteAccess: { access } }: Core, hint: string, print: Print): void {
  let said = '';
  access.onChange(() => {
    const active = access.pairing.activeCode();
    if (active === null || active.triesLeft > 0 || active.secret === said) return;
    said = active.secret;
    print(`The pairing code was used up by wrong guesses (see the timeline for their addresses). ${hint}`);
  });
}

function createHeadlessCore({ folder, version, processes, installation }: HeadlessHost, log: FileLog, lan: LanController, databaseWorker: ThreadedDatabaseWorker, { system, clock }: WatchedMachine): Core {
  return createCore({
    paths: pathsIn(folder),
    log,
    clock,
    timers: systemTimers,
    system,
    appVersion: version,
    runtime: formatRuntime(),
    selfMetricsSource: (store, sampler) => selfMetricsSource(processes, ownMachine(system).platform, store, sampler),
    installation,
    // A server's packages are its administrator's: nothing is asked.
    updates: null,
    showFolder: () => Promise.resolve(NO_DESKTOP),
    dialogs: { save: () => Promise.resolve(null), open: () => Promise.resolve(null) },
    services: {
      // Nobody sits here, so nothing can be missed here.
      notifier: { show: () => Promise.resolve('shown'), close: () => undefined },
      encryption: { isAvailable: () => Promise.resolve(false), encrypt: () => Promise.reject(new Error(NO_DESKTOP)), decrypt: () => Promise.reject(new Error(NO_DESKTOP)) },
      doNotDisturb: () => Promise.resolve(false),
    },
    databaseWorker,
    lanState: () => lan.state(),
    lanConnections: () => lan.connections(),
    runPowerCommand: runCommand,
    env: process.env,
  });
}

/**
 * Creates and starts everything; what is typed or signalled to it (terminal-commands.ts) ends it or prints a new code. Where
 * another process has the folder, it says so and ends.
 */
export function startHeadless(host: HeadlessHost, start: HeadlessStart): void {
  const paths = pathsIn(host.folder);
  const lock = lockFolder(paths.folder);
  if (lock.state === 'taken') {
    process.stderr.write(`traywatch: ${lock.reason}\n`);
    host.exit(1);
    return;
  }
  const watched = watchedMachine(start.demo, host.system, clockOf(host.system.platform, awakeClock(host.system.windows)));
  const log = createFileLog({ path: paths.log, clock: watched.clock });
  start.uncaught.prepare({ log });
  if (lock.state === 'unavailable') log.warn('the folder is not locked', { reason: lock.reason });
  if (start.demo !== null) process.stdout.write(`Demo machine ${start.demo.hostname}: all data is made up.\n`);
  run(host, start, paths, log, watched, () => {
    if (lock.state === 'held') lock.release();
  });
}

/** `release` is called after everything else has ended. */
function run(host: HeadlessHost, { folderProblem, join: hub, uncaught, ...rights }: HeadlessStart, paths: Paths, log: FileLog, watched: WatchedMachine, release: () => void): void {
  const print: Print = (line) => void process.stdout.write(`${line}\n`);
  const { platform } = ownMachine(watched.system);
  const hint = codeHint(process, platform);
  const lan = createLanController();
  const databaseWorker = createDatabaseWorker(join(__dirname, 'database-worker.cjs'));
  const core = createHeadlessCore(host, log, lan, databaseWorker, watched);
  lan.onState(createStatePrinter(print));
  printNotices(core, print);
  printReporting(core, print);
  approveByCode(core.remoteAccess.access, rights, print);
  sayUsedUp(core, hint, print);
  forwardAppEvents(core, (name, payload) => lan.push(name, payload));
  // Without a desktop the server is the only way in, so it runs even where sharing is off in the settings.
  lan.connect({ core, folder: paths.folder, pages: join(__dirname, '../renderer'), version: host.version, platform, clock: watched.clock, timers: systemTimers, log, always: true });
  followTerminal(process, platform, { code: () => printCode(core, rights, hint, print), quit: () => host.app.quit() }, print);
  const endNow = setupShutdown({
    app: host.app,
    steps: [
      ['core', () => core.close()],
      ['LAN server', () => void lan.close()],
    ],
    finish: () => {
      print('Stopped.');
      release();
    },
    ...endingOf({ running: () => [...databaseWorker.running(), ...core.machines.report.running()] }),
    timers: systemTimers,
    log,
  });
  uncaught.prepare({ save: endNow });
  log.info('started', { version: host.version, runtime: formatRuntime(), headless: true });
  showStartProblems(folderProblem, log, core.notices);
  core.monitoring.start();
  if (hub !== undefined) {
    void joinOnTerminal(core, hub, TERMINAL, print, (reason) => {
      process.stderr.write(`traywatch: ${reason}\n`);
      endNow();
      host.exit(1);
    });
  }
  printCode(core, rights, hint, print);
}
