/**
 * Reads whether the desktop's do-not-disturb is on. On Linux each desktop has its own setting; they are queried in turn
 * until one exists. macOS and Windows do not expose theirs, but suppress notifications themselves and list them later.
 */
import type { Exec } from '../engine/programs/exec-program';

/** A command that reads the setting of one desktop. */
interface Probe {
  readonly program: string;
  readonly args: readonly string[];
  /** The value that means "do not disturb". */
  readonly on: 'true' | 'false';
}

const SERVER = 'org.freedesktop.Notifications';

function serverProperty(name: string, property: string): Probe {
  const target = ['--dest', SERVER, '--object-path', '/org/freedesktop/Notifications', '--method', 'org.freedesktop.DBus.Properties.Get'];
  return { program: 'gdbus', args: ['call', '--session', '--timeout', '1', ...target, name, property], on: 'true' };
}

const PROBES: readonly Probe[] = [
  // Plasma, and other servers with the property of the notification specification 1.3.
  serverProperty(SERVER, 'Inhibited'),
  serverProperty('org.dunstproject.cmd0', 'paused'),
  { program: 'xfconf-query', args: ['--channel', 'xfce4-notifyd', '--property', '/do-not-disturb'], on: 'true' },
  { program: 'gsettings', args: ['get', 'org.gnome.desktop.notifications', 'show-banners'], on: 'false' },
];

/** Deadline of a command; a server that does not reply counts as not set, ms. */
const DEADLINE = 2000;
/** How long a result is used, ms: notifications within seconds need one query. */
const MAX_AGE = 5000;

/** What the query needs. */
export interface DoNotDisturbParts {
  readonly platform: NodeJS.Platform;
  readonly exec: Exec;
  /** Milliseconds of the monotonic clock. */
  readonly mono: () => number;
}

/** Returns the query; it resolves to false where the setting is unknown, and never rejects. */
export function createDoNotDisturb({ platform, exec, mono }: DoNotDisturbParts): () => Promise<boolean> {
  if (platform !== 'linux') return () => Promise.resolve(false);
  let working: Probe | null = null;
  let last: { readonly at: number; readonly result: Promise<boolean> } | null = null;
  const read = async (probe: Probe): Promise<boolean | null> => {
    const { code, stdout } = await exec(probe.program, probe.args, DEADLINE);
    const value = /\b(true|false)\b/.exec(stdout)?.[1];
    return code === 0 && value !== undefined ? value === probe.on : null;
  };
  const readFirst = async (): Promise<boolean> => {
    for (const probe of working === null ? PROBES : [working]) {
      const result = await read(probe);
      if (result === null) continue;
      working = probe;
      return result;
    }
    // The server may have been replaced by another.
    working = null;
    return false;
  };
  return () => {
    if (last === null || mono() - last.at > MAX_AGE) last = { at: mono(), result: readFirst() };
    return last.result;
  };
}
