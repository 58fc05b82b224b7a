/**
 * Entry point of commands that print something and end: --autostart and --diagnose. They run beside a Traywatch that is
 * running, without its lock, and write nothing into its folder.
 *
 * It may import any part of main except the LAN server. Only index.ts imports it.
 */
import { app } from 'electron';
import { autostartText } from '../shared/autostart';
import type { AutostartStatus } from '../shared/autostart';
import { messageOf } from '../shared/result';
import type { Command } from './arguments';
import { startAtLogin } from './desktop/autostart/index';
import type { DemoSource } from './engine/collectors/demo-machine';
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

/** Runs the command and ends the process. */
export function runCommand(command: Command, demo: DemoSource | null): void {
  const { out, err, code } = command.action === 'autostart' ? runAutostart(startAtLogin(app, demo !== null), command.to) : { out: '', err: 'not yet\n', code: 3 };
  process.stderr.write(err);
  process.stdout.write(out, () => app.exit(code));
}
