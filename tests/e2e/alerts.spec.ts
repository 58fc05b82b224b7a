import type { Page } from '@playwright/test';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import type { Rule } from '../../src/shared/alerts/rule';
import { expect, flatten, test, until } from '../support/e2e';
import type { TrayItem } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { stressCores } from '../support/e2e/machine';

/**
 * The rule about CPU usage, fast enough for a test, and with a threshold so high that other load of this machine does not
 * keep an incident open; every other rule is turned off, so that the result does not depend on the machine.
 */
function quickRules(change: Partial<Rule> = {}): Rule[] {
  return DEFAULT_RULES.map((rule): Rule => {
    if (rule.id !== 'cpu-usage') return { ...rule, enabled: false };
    const level = { threshold: 98, recoverAt: 97, forSeconds: 3, guard: null, anyOf: [] };
    return { ...rule, warning: null, critical: level, recoverSeconds: 2, cooldownSeconds: 0, ...change };
  });
}

const useRules = (page: Page, rules: Rule[]): Promise<unknown> => ask(page, 'updateSettings', { alerts: { rules } });

const menuLabels = async (item: TrayItem): Promise<string[]> => flatten(await item.menu()).map(({ label }) => label);

const eventTypes = async (page: Page): Promise<string[]> => (await ask(page, 'events', { limit: 100 })).events.map(({ type }) => type);

test('an incident sends one notification with its culprit, and one when it is resolved', async ({ desktop, start }, info) => {
  const app = await start();
  const page = await app.page();
  const item = await app.item();
  await useRules(page, quickRules());
  const load = stressCores();
  const [fired] = await until('a notification', async () => (desktop.notifications().length > 0 ? desktop.notifications() : undefined));
  expect(fired).toMatchObject({ urgency: 'CRITICAL', title: expect.stringMatching(/^CPU (9\d|100)(\.\d)?\u202f%$/u), body: expect.stringMatching(/^Above 98\u202f% for 3\u202fs · .*stress-ng\S* \d+\u202f%/u) });
  await desktop.screenshot(info.outputPath('notification.png'));
  await expect.poll(() => item.tooltip()).toMatch(/Critical: CPU /);
  await expect.poll(() => menuLabels(item)).toContainEqual(expect.stringMatching(/^CPU (9\d|100).*\(critical\)$/));
  await page.evaluate(() => {
    location.hash = '#/alerts';
  });
  await expect(page.getByRole('region', { name: 'Open alerts' })).toContainText('stress-ng');
  await page.screenshot({ path: info.outputPath('alerts.png') });
  await desktop.notificationHand.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('CPU');
  expect(await page.evaluate(() => location.hash)).toMatch(/^#\/cpu\?range=1h&from=\d+&to=\d+/);
  await load.stop();
  const all = await until('the notification of the end', async () => (desktop.notifications().length > 1 ? desktop.notifications() : undefined));
  expect(all).toHaveLength(2);
  expect(all[1]).toMatchObject({ title: expect.stringMatching(/^CPU: resolved/), body: expect.stringMatching(/peak (9\d|100)/) });
  expect((await eventTypes(page)).filter((type) => type.startsWith('alert_'))).toEqual(['alert_resolved', 'alert_fired']);
  const [incident] = await ask(page, 'incidents', { from: 0, to: 1e13 });
  expect(incident).toMatchObject({ ruleId: 'cpu-usage', endedBy: 'recovered' });
  expect(incident?.culprits.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^stress-ng/));
  const snapshots = await ask(page, 'processSnapshots', { from: incident?.firedAt ?? 0, to: (incident?.firedAt ?? 0) + 60_000 });
  expect(snapshots[0]?.processes.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^stress-ng/));
});

test('a restart during an incident neither repeats its notification nor loses it', async ({ desktop, start }) => {
  const first = await start();
  const page = await first.page();
  await useRules(page, quickRules());
  const load = stressCores();
  await until('a notification', async () => (desktop.notifications().length > 0 ? true : undefined));
  await first.killAll();
  const again = await start();
  const reopened = await again.page();
  const [open] = (await ask(reopened, 'openAlerts', {})).incidents;
  expect(open).toMatchObject({ ruleId: 'cpu-usage', severity: 'critical', clearedAt: null });
  const { seq } = await ask(reopened, 'snapshot', {});
  await expect.poll(async () => (await ask(reopened, 'snapshot', {})).seq).toBeGreaterThan(seq + 6);
  expect(desktop.notifications()).toHaveLength(1);
  await load.stop();
  await until('the end', async () => (desktop.notifications().length > 1 ? true : undefined));
  expect(desktop.notifications().map(({ title }) => title)).toEqual([expect.stringMatching(/^CPU \d/), expect.stringMatching(/^CPU: resolved/)]);
});

test('a snooze from the tray suppresses all notifications, and records that in the timeline', async ({ desktop, start }) => {
  const app = await start();
  const page = await app.page();
  const item = await app.item();
  await useRules(page, quickRules());
  await item.clickMenu('Snooze for 1 hour');
  await expect.poll(async () => (await ask(page, 'openAlerts', {})).snoozes).toHaveLength(1);
  const load = stressCores();
  await until('the incident', async () => (await ask(page, 'openAlerts', {})).incidents[0]);
  await expect.poll(() => eventTypes(page)).toContain('alert_suppressed');
  await load.stop();
  await expect.poll(async () => (await ask(page, 'openAlerts', {})).incidents).toHaveLength(0);
  expect(desktop.notifications()).toEqual([]);
});
