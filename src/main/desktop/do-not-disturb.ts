/**
 * Whether the desktop's own "do not disturb" is on. On Linux each desktop keeps that switch elsewhere; they are asked in
 * turn until one answers. macOS and Windows tell no program, but hold notifications back themselves and list them later.
 */
import type { Exec } from './tray-host';

/** One place where the switch may be. */
interface Question {
  readonly program: string;
  readonly args: readonly string[];
  /** The word of the answer that means "do not disturb". */
  readonly on: 'true' | 'false';
}

const SERVER = 'org.freedesktop.Notifications';

function serverProperty(name: string, property: string): Question {
  const target = ['--dest', SERVER, '--object-path', '/org/freedesktop/Notifications', '--method', 'org.freedesktop.DBus.Properties.Get'];
  return { program: 'gdbus', args: ['call', '--session', '--timeout', '1', ...target, name, property], on: 'true' };
}

const QUESTIONS: readonly Question[] = [
  // Plasma, and whoever implements the property of the specification 1.3.
  serverProperty(SERVER, 'Inhibited'),
  serverProperty('org.dunstproject.cmd0', 'paused'),
  { program: 'xfconf-query', args: ['--channel', 'xfce4-notifyd', '--property', '/do-not-disturb'], on: 'true' },
  { program: 'gsettings', args: ['get', 'org.gnome.desktop.notifications', 'show-banners'], on: 'false' },
];

/** A server that answers no sooner is taken to be undisturbed, ms. */
const DEADLINE = 2000;
/** An answer holds for so long, ms: what is told within seconds is asked for once. */
const FRESH = 5000;

/** What the question needs. */
export interface DoNotDisturbParts {
  readonly platform: NodeJS.Platform;
  readonly exec: Exec;
  /** Milliseconds of a clock that is never stepped. */
  readonly mono: () => number;
}

/** Makes the question; resolves to false where nobody can be asked, and never rejects. */
export function createDoNotDisturb({ platform, exec, mono }: DoNotDisturbParts): () => Promise<boolean> {
  if (platform !== 'linux') return () => Promise.resolve(false);
  let answered: Question | null = null;
  let last: { readonly at: number; readonly answer: Promise<boolean> } | null = null;
  const ask = async (question: Question): Promise<boolean | null> => {
    const { code, stdout } = await exec(question.program, question.args, DEADLINE);
    const word = /\b(true|false)\b/.exec(stdout)?.[1];
    return code === 0 && word !== undefined ? word === question.on : null;
  };
  const askAll = async (): Promise<boolean> => {
    for (const question of answered === null ? QUESTIONS : [answered]) {
      const answer = await ask(question);
      if (answer === null) continue;
      answered = question;
      return answer;
    }
    // The server may have been replaced by another.
    answered = null;
    return false;
  };
  return () => {
    if (last === null || mono() - last.at > FRESH) last = { at: mono(), answer: askAll() };
    return last.answer;
  };
}
