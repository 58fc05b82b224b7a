/** Without a desktop: engine and LAN server alone, on a machine with no display. What a person must know is printed. */
import { app } from 'electron';
import { join } from 'node:path';
import { CallError } from '../shared/result';
import type { Caller } from '../shared/api/dispatch';
import type { LanState } from '../shared/sharing/lan-state';
import { runCommand } from './power/power-commands';
import { createDatabaseWorker } from './history/database-worker-client';
import { createCore } from './core/core';
import type { Core } from './core/core';
import { systemClock, systemTimers } from './engine/clock';
import { systemDeps } from './engine/collectors/platform';
import { createFileLog } from './engine/log';
import type { Role } from './access/identity';
import { createLanController } from './core/lan-controller';
import type { LanController } from './core/lan-controller';
import { forwardAppEvents } from './core/app-events';
import { pathsIn } from './lib/paths';
import { formatRuntime } from './core/runtime-versions';
import { selfMetricsSource } from './desktop/self-metrics-source';

/** Whoever reads the terminal stands where else the desktop does. */
const TERMINAL: Caller = { id: 'terminal', role: 'local' };
const NO_DESKTOP = 'there is no desktop here';

type Say = (line: string) => void;

/** What a state of the server means to whoever reads the terminal. */
function describe(state: LanState): readonly string[] {
  if (state.state === 'listening') {
    const print = state.certificate === null ? 'Not encrypted: plain HTTP was chosen.' : `SHA-256 fingerprint of the certificate: ${state.certificate.fingerprint}`;
    return [...state.urls.map((url) => `Watch at ${url}`), print, ...state.missing.map(({ address, message }) => `Not at ${address}: ${message}`)];
  }
  return state.state === 'failed' ? [`The server does not listen: ${state.message}. It is tried again.`] : [];
}

/** Tells each state once: the number of viewers alone is no news. */
function createStateReporter(say: Say): (state: LanState) => void {
  let told = '';
  return (state) => {
    const text = describe(state).join('\n');
    if (text !== '' && text !== told) say(text);
    if (text !== '') told = text;
  };
}

/** What a role lets a browser do, for whoever reads the terminal. */
const MAY: Readonly<Record<Role, string>> = { viewer: 'to watch', admin: 'to watch and change settings, as admin' };

/** Prints a code. Who has it has read this terminal, which is what elsewhere a person at the desktop confirms. */
async function printCode(core: Core, pairAs: Role, say: Say): Promise<void> {
  const { pairingCode } = await core.handlers.lanPairingStart({}, TERMINAL);
  if (pairingCode !== null) say(`Pairing code, for one browser ${MAY[pairAs]}, good for five minutes: ${pairingCode.code}\nAnother one: kill -HUP ${process.pid}`);
}

/** Lets in who came with the code, as what the command line said. */
function approveByCode({ handlers, remoteAccess }: Core, pairAs: Role, say: Say): void {
  remoteAccess.access.onChange(() => {
    for (const { id, name, address } of remoteAccess.access.summary().requests) {
      void Promise.resolve(handlers.lanApprove({ id, role: pairAs }, TERMINAL)).then(
        () => say(`Let in as ${pairAs}: ${name} (${address})`),
        (error: unknown) => {
          // Asked for twice, or withdrawn meanwhile.
          if (!(error instanceof CallError)) throw error;
        },
      );
    }
  });
}

function buildCore(log: ReturnType<typeof createFileLog>, lan: LanController): Core {
  const system = systemDeps();
  return createCore({
    paths: pathsIn(app.getPath('userData')),
    log,
    clock: systemClock,
    timers: systemTimers,
    system,
    appVersion: app.getVersion(),
    runtime: formatRuntime(),
    selfMetricsSource: (store, sampler) => selfMetricsSource(app, system.platform, store, sampler),
    showFolder: () => Promise.resolve(NO_DESKTOP),
    dialogs: { save: () => Promise.resolve(null), open: () => Promise.resolve(null) },
    services: {
      notifier: { show: () => undefined, close: () => undefined },
      encryption: { isAvailable: () => Promise.resolve(false), seal: () => Promise.reject(new Error(NO_DESKTOP)), open: () => Promise.reject(new Error(NO_DESKTOP)) },
      doNotDisturb: () => Promise.resolve(false),
    },
    databaseWorker: createDatabaseWorker(join(__dirname, 'copy-worker.cjs')),
    lanState: () => lan.state(),
    lanConnections: () => lan.connections(),
    runPowerCommand: runCommand,
    env: process.env,
  });
}

/** Builds and starts everything that needs no desktop; SIGTERM and SIGINT end it. `pairAs` is what its codes let a browser do. */
export function startHeadless(pairAs: Role): void {
  const paths = pathsIn(app.getPath('userData'));
  const log = createFileLog({ path: paths.log, clock: systemClock });
  const say: Say = (line) => void process.stdout.write(`${line}\n`);
  const lan = createLanController();
  const core = buildCore(log, lan);
  lan.onState(createStateReporter(say));
  approveByCode(core, pairAs, say);
  forwardAppEvents(core, (name, payload) => lan.push(name, payload));
  // Headless means to be watched from elsewhere, whatever the switch on the desktop says.
  lan.connect({ core, folder: paths.folder, pages: join(__dirname, '../renderer'), version: app.getVersion(), clock: systemClock, timers: systemTimers, log, always: true });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
  process.on('SIGHUP', () => void printCode(core, pairAs, say));
  app.on('will-quit', () => {
    void lan.close();
    core.close();
    log.info('stopped');
    log.close();
    say('Stopped.');
  });
  log.info('started', { version: app.getVersion(), electron: process.versions.electron, headless: true });
  core.monitoring.start();
  void printCode(core, pairAs, say);
}
