/**
 * Entry point of commands that print something and end: --autostart and --diagnose. They run beside a Traywatch that is
 * running, without its lock, and change nothing in its folder.
 *
 * It may import any part of main except the LAN server. Only index.ts imports it.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { app } from 'electron';
import { autostartText } from '../shared/autostart';
import type { AutostartStatus } from '../shared/autostart';
import { messageOf } from '../shared/result';
import type { Command } from './arguments';
import { formatRuntime } from './core/runtime-versions';
import { startAtLogin } from './desktop/autostart/index';
import { withElectron } from './desktop/electron-system';
import { describeInstallation } from './desktop/installation';
import { detectTrayHost } from './desktop/tray-host';
import { diagnosticsText } from './diagnostics/gather';
import { readOnce } from './diagnostics/read-once';
import { systemClock } from './engine/clock';
import { watchedMachine } from './engine/collectors/demo-machine';
import type { DemoSource } from './engine/collectors/demo-machine';
import { currentPlatform, systemDeps } from './engine/collectors/platform';
import { readHostInfo } from './engine/host/index';
import { execProgram } from './engine/programs/exec-program';
import type { Autostart } from './lib/autostart';
import { pathsIn } from './lib/paths';

/** Exit codes of --autostart, as --help lists them. */
const EXIT = { yes: 0, no: 1, refused: 3 } as const;

/** What to print, and the exit code. */
interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** The state as one word for scripts, the sentence for people. */
function toOutcome(status: AutostartStatus, wanted: boolean): Outcome {
  const isOn = status.state === 'enabled';
  const code = status.state === 'unknown' ? EXIT.refused : isOn === wanted ? EXIT.yes : EXIT.no;
  return { out: `${status.state}\n`, err: `${autostartText(status)}\n`, code };
}

/** Runs --autostart. Never throws. */
function runAutostart(autostart: Autostart, to: 'on' | 'off' | 'status'): Outcome {
  try {
    return to === 'status' ? toOutcome(autostart.read(), true) : toOutcome(autostart.set(to === 'on'), to === 'on');
  } catch (error) {
    return { out: '', err: `traywatch: ${messageOf(error)}\n`, code: EXIT.refused };
  }
}

/** Runs --diagnose: reads every family anew, and the files of the app as they are. */
async function diagnose(autostart: Autostart, demo: DemoSource | null, withNames: boolean): Promise<string> {
  const { system, clock } = watchedMachine(demo, withElectron(systemDeps()), systemClock);
  const paths = pathsIn(app.getPath('userData'));
  const tray = await detectTrayHost({ platform: currentPlatform(), env: process.env, exec: execProgram, exists: existsSync });
  const hasDisplay = currentPlatform() !== 'linux' || ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => (process.env[name] ?? '') !== '');
  const read = await readOnce(system, clock);
  const installation = describeInstallation(app, autostart, null);
  const host = await readHostInfo({ ...system, now: () => clock.now() }, { appVersion: app.getVersion(), runtime: formatRuntime(), startTime: clock.now(), databasePath: paths.database, environment: '' });
  return diagnosticsText(
    {
      by: 'command',
      now: clock.now(),
      kind: installation.kind,
      sandbox: installation.sandbox(),
      desktop: hasDisplay ? { tray: tray.state, autostart: autostart.read() } : null,
      host,
      ...read,
      history: { path: paths.database, waiting: null },
      paths,
      env: process.env,
      home: homedir(),
      commandLine: process.argv,
      addresses: Object.values(system.addresses()),
    },
    withNames,
  );
}

async function outcomeOf(command: Command, demo: DemoSource | null): Promise<Outcome> {
  const autostart = startAtLogin(app, demo !== null);
  if (command.action === 'autostart') return runAutostart(autostart, command.to);
  try {
    return { out: await diagnose(autostart, demo, command.withNames), err: '', code: EXIT.yes };
  } catch (error) {
    return { out: '', err: `traywatch: no diagnostics: ${messageOf(error)}\n`, code: EXIT.refused };
  }
}

/** Runs the command and ends the process. Never rejects. */
export async function runCommand(command: Command, demo: DemoSource | null): Promise<void> {
  const { out, err, code } = await outcomeOf(command, demo);
  process.stderr.write(err);
  process.stdout.write(out, () => app.exit(code));
}
