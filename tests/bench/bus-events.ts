/** Times of what happens on the session bus, to the microsecond, as the bus itself passes it on. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What is noted: an icon came to the tray, a row of a tray menu was chosen. */
export type BusMember = 'StatusNotifierItemRegistered' | 'Event';

const RULES = [
  "type='signal',interface='org.kde.StatusNotifierWatcher',member='StatusNotifierItemRegistered'",
  "type='method_call',interface='com.canonical.dbusmenu',member='Event'",
];
const TIMEOUT_MS = 20_000;

export type BusEvents = Awaited<ReturnType<typeof watchBusEvents>>;

/** Starts watching; resolves when nothing more is missed. */
export async function watchBusEvents(env: Record<string, string>) {
  const child = spawn('dbus-monitor', ['--session', '--profile', ...RULES], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.on('error', () => resolve()).on('close', () => resolve()));
  const seen: { member: string; at: number }[] = [];
  const waiting = new Set<() => void>();
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      // Columns: type, time, serial, sender, destination, path, interface, member.
      const [type, time, , , , , , member = ''] = line.split('\t');
      if (type !== 'sig' && type !== 'mc') return;
      // A monitor is told that it lost its name as soon as it has become one.
      if (member === 'NameLost') resolve();
      seen.push({ member, at: Number(time) * 1000 });
      for (const check of waiting) check();
    });
  });
  const gone = ended.then(() => Promise.reject(new Error('dbus-monitor ended: is it installed?')));
  gone.catch(() => undefined);
  await Promise.race([ready, gone]);
  return {
    /** Milliseconds since 1970 of the first such event at or after a time. */
    async first(member: BusMember, since: number): Promise<number> {
      const find = () => seen.find((event) => event.member === member && event.at >= since)?.at;
      const happened = new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`nothing on the bus within ${TIMEOUT_MS / 1000} s: ${member}`));
        }, TIMEOUT_MS);
        const check = (): void => {
          const at = find();
          if (at === undefined) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(at);
        };
        waiting.add(check);
        check();
      });
      return Promise.race([happened, gone]);
    },
    async stop(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
