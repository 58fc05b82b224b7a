import fs from 'node:fs';
import path from 'node:path';
import type { Bus } from './bus';

const dunst = { service: 'org.freedesktop.Notifications', path: '/org/freedesktop/Notifications' };
const fieldEnd = '\u001f';
const recordEnd = '\u001e';
const fields = ['DUNST_ID', 'DUNST_APP_NAME', 'DUNST_URGENCY', 'DUNST_SUMMARY', 'DUNST_BODY'];

/** A notification as the person at the desktop saw it. */
export interface ShownNotification {
  id: number;
  app: string;
  urgency: string;
  title: string;
  body: string;
}

/**
 * Makes the notification server note everything it shows: its own history holds only what has left the screen.
 * Returns the folder's configuration file and the file with the notes.
 */
export function writeDunstConfig(configDir: string): { config: string; log: string } {
  const folder = path.join(configDir, 'dunst');
  fs.mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'shown');
  fs.writeFileSync(log, '');
  const script = path.join(folder, 'note.sh');
  const format = `${fields.map(() => '%s').join('\\037')}\\036`;
  const values = fields.map((name) => `"$${name}"`).join(' ');
  fs.writeFileSync(script, `#!/bin/sh\nprintf '${format}' ${values} >> '${log}'\n`, { mode: 0o755 });
  const config = path.join(folder, 'dunstrc');
  fs.writeFileSync(config, `${toDunstrc()}\n[note]\n    summary = "*"\n    script = "${script}"\n`);
  return { config, log };
}

/** Notifications stay until they are closed, so that nothing depends on when a test looks. */
function toDunstrc(): string {
  const urgencies = ['low', 'normal', 'critical'].map((name) => `[urgency_${name}]\n    timeout = 0\n`);
  const global = '[global]\n    font = DejaVu Sans 10\n    origin = top-right\n    offset = 10x40\n    notification_limit = 0\n';
  return [global, ...urgencies].join('\n');
}

/** All notifications shown so far, oldest first; one that was replaced appears again. */
export function readNotifications(log: string): ShownNotification[] {
  return fs.readFileSync(log, 'utf8').split(recordEnd).slice(0, -1).map(toNotification);
}

function toNotification(record: string): ShownNotification {
  const [id = '', app = '', urgency = '', title = '', body = ''] = record.split(fieldEnd);
  return { id: Number(id), app, urgency, title, body };
}

/** What the person does with the notifications on the screen. */
export function createNotificationHand(bus: Bus) {
  const command = (name: string, ...args: string[]) => bus.call(dunst, `org.dunstproject.cmd0.${name}`, ...args);
  return {
    /** How many are on the screen. */
    displayed: async (): Promise<number> => Number(await bus.property(dunst, 'org.dunstproject.cmd0', 'displayedLength')),
    /** Clicks a notification's default action; 0 is the newest on the screen. */
    click: (position = 0) => command('NotificationAction', String(position)),
    closeAll: () => command('NotificationCloseAll'),
  };
}
