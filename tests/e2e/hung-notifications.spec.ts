import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '../support/e2e';

const BUS = { service: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };

/** An alert as soon as there is a sample. */
const RULE = { id: 'memory-usage', label: 'Memory usage', family: 'memory', metric: 'usage', critical: { threshold: 0.1, recoverAt: 0.05, forSeconds: 1 }, recoverSeconds: 2 };

test('a notification service that hangs holds up nothing; once it goes on the alert is told, and once', async ({ desktop, data, start }) => {
  test.setTimeout(330_000);
  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 2, alerts: { rules: [RULE] } }));
  const [pid] = await desktop.bus.call(BUS, 'org.freedesktop.DBus.GetConnectionUnixProcessID', 'org.freedesktop.Notifications');
  process.kill(Number(pid), 'SIGSTOP');
  const app = await start({ hidden: true });
  const refusals = () => app.log().filter(({ message }) => message.startsWith('notifications are not shown'));
  await expect.poll(refusals, { timeout: 60_000 }).toHaveLength(1);
  // The tray carries it meanwhile, and is alive.
  await expect.poll(async () => (await app.item()).tooltip()).toMatch(/Critical: Memory/);
  process.kill(Number(pid), 'SIGCONT');
  // The second try is after a minute, the third two minutes later: on a busy machine the second may fail, too.
  await expect.poll(() => desktop.notifications().map(({ title }) => title), { timeout: 210_000 }).toEqual(['Missed: 1 alert, still open']);
  expect(app.log().filter(({ message }) => message === 'notifications are shown again')).toHaveLength(1);
  expect(refusals()).toHaveLength(1);
  await app.openFromTray();
  expect(desktop.notifications()).toHaveLength(1);
});
