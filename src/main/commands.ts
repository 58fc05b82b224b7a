/**
 * Entry point of commands that print something and end: --autostart and --diagnose. They run beside a Traywatch that is
 * running, without its lock, and change nothing in its folder.
 *
 * It may import any part of main except the LAN server. Only index.ts imports it.
 */
import { existsSync } from 'node:fs';
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
import { diagnose } from './diagnostics/diagnose';
import type { DemoSource } from './engine/collectors/demo-machine';
import { currentPlatform, systemDeps } from './engine/collectors/platform';
import { execProgram } from './engine/programs/exec-program';
import type { Autostart } from './lib/autostart';

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

/** Runs --diagnose. Rejects with what the system throws. */
async function runDiagnose(autostart: Autostart, demo: DemoSource | null, withNames: boolean): Promise<string> {
  const tray = await detectTrayHost({ platform: currentPlatform(), env: process.env, exec: execProgram, exists: existsSync });
  const hasDisplay = currentPlatform() !== 'linux' || ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => (process.env[name] ?? '') !== '');
  const desktop = hasDisplay ? { tray: tray.state, autostart: autostart.read() } : null;
  return diagnose({ folder: app.getPath('userData'), version: app.getVersion(), runtime: formatRuntime(), system: withElectron(systemDeps()), demo, installation: describeInstallation(app, autostart, null), desktop }, withNames);
}

async function outcomeOf(command: Command, demo: DemoSource | null): Promise<Outcome> {
  const autostart = startAtLogin(app, demo !== null);
  if (command.action === 'autostart') return runAutostart(autostart, command.to);
  try {
    return { out: await runDiagnose(autostart, demo, command.withNames), err: '', code: EXIT.yes };
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
