import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAlerts } from '../../../src/main/alerts/create-alerts';
import { createHub } from '../../../src/main/engine/hub';
import { createCallbackLog } from '../../support/log';
import { createNotices } from '../../../src/main/timeline/notices';
import { pathsIn } from '../../../src/main/lib/paths';
import { createSettings } from '../../../src/main/settings/settings';
import type { WebhookInput } from '../../../src/shared/alerts/webhook';
import type { Caller } from '../../../src/shared/api/dispatch';
import { FakeTime } from '../../support/collectors';
import { createStoreFixture } from '../../support/store';
import { incidentOf, NOON, ruleOf } from '../../support/alert-samples';

const caller: Caller = { id: 'window', role: 'local' };
const INPUT: WebhookInput = { label: 'Team', kind: 'slack', severities: ['critical'], enabled: true };
const URL = 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXYYYY';

/** Alerts of a new installation, without a desktop. */
function createRig(hasKey = true) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const time = new FakeTime();
  time.wall = NOON;
  const paths = pathsIn(folder);
  const log = createCallbackLog(() => undefined);
  const { settings } = createSettings({ path: paths.settings, clock: time, log });
  const notices = createNotices(time.now, () => undefined);
  const hub = createHub(() => undefined);
  const { store } = createStoreFixture().open();
  const start = () =>
    createAlerts({
      hostname: 'machine',
      paths,
      clock: time,
      timers: time,
      log,
      settings,
      notices,
      notifier: { show: () => Promise.resolve('shown'), close: () => undefined },
      encryption: { isAvailable: () => Promise.resolve(hasKey), encrypt: (text) => Promise.resolve(Buffer.from(text).toString('hex')), decrypt: (text) => Promise.resolve(Buffer.from(text, 'hex').toString()) },
      doNotDisturb: () => Promise.resolve(false),
      dialogs: { save: () => Promise.resolve(null), open: () => Promise.resolve(null) },
      hub,
      store,
      processes: { explain: () => Promise.reject(new Error('not used here')) },
      isPaused: () => false,
      record: () => undefined,
    });
  return { settings, notices, start, alerts: start() };
}

describe('a webhook', () => {
  it('is added with its URL, which is never returned', async () => {
    const { settings, notices, alerts } = createRig();
    const [state] = await alerts.handlers.setWebhook({ ...INPUT, url: URL }, caller);
    expect(state).toMatchObject({ address: { host: 'hooks.slack.com', tail: 'YYYY', kept: 'encrypted' }, waiting: 0, error: null });
    expect(settings.get().alerts.webhooks).toEqual([{ id: state?.id, ...INPUT }]);
    expect(JSON.stringify(settings.get())).not.toContain('XXXX');
    expect(notices.list()).toEqual([]);
    // A change without a new URL.
    const changed = await alerts.handlers.setWebhook({ ...INPUT, id: state?.id ?? '', label: 'Others', enabled: false }, caller);
    expect([settings.get().alerts.webhooks[0]?.label, changed[0]?.address?.tail]).toEqual(['Others', 'YYYY']);
  });

  it('without a key store shows the notice that its URL is not encrypted', async () => {
    const { notices, alerts } = createRig(false);
    await alerts.handlers.setWebhook({ ...INPUT, url: URL }, caller);
    expect(notices.list().map(({ id }) => id)).toEqual(['webhook-address-plain']);
  });

  it('that is invalid is refused by field, and nothing of it is stored', async () => {
    const { settings, alerts } = createRig();
    const refusal = async (input: Parameters<typeof alerts.handlers.setWebhook>[0]) => Promise.resolve(alerts.handlers.setWebhook(input, caller)).then(() => null, (error: Error) => error.message);
    expect(await refusal(INPUT)).toMatch(/^url: /);
    expect(await refusal({ ...INPUT, url: 'ftp://example.org/' })).toMatch(/^url: /);
    expect(await refusal({ ...INPUT, id: 'no-such', url: URL })).toMatch(/no such webhook/);
    expect(settings.get().alerts.webhooks).toEqual([]);
  });

  it('is removed with its URL, and unused URLs are removed at the next start', async () => {
    const { settings, start, alerts } = createRig();
    const [first] = await alerts.handlers.setWebhook({ ...INPUT, url: URL }, caller);
    await alerts.handlers.setWebhook({ ...INPUT, label: 'Second', url: URL }, caller);
    const known = settings.get().alerts.webhooks;
    expect(await alerts.handlers.removeWebhook({ id: first?.id ?? '' }, caller)).toHaveLength(1);
    // Like an import: the URL is kept in case it is undone.
    settings.update({ alerts: { webhooks: [] } });
    settings.update({ alerts: { webhooks: [...known] } });
    const haveUrl = async (of: typeof alerts) => (await of.handlers.webhooks({}, caller)).map(({ address }) => address !== null);
    expect(await haveUrl(alerts)).toEqual([false, true]);
    settings.update({ alerts: { webhooks: [] } });
    const later = start();
    settings.update({ alerts: { webhooks: [...known] } });
    expect(await haveUrl(later)).toEqual([false, false]);
  });
});

it('returns the open alerts after each command', async () => {
  const { alerts } = createRig();
  alerts.incidentManager.adopt([]);
  alerts.incidentManager.handle({ kind: 'fired', incident: incidentOf(), rule: ruleOf(), at: NOON });
  const { id } = incidentOf();
  expect(await alerts.handlers.acknowledge({ incident: id }, caller)).toMatchObject({ incidents: [{ id, acknowledgedAt: NOON }], snoozes: [] });
  expect(await alerts.handlers.snooze({ target: { kind: 'all' }, length: '1h' }, caller)).toMatchObject({ snoozes: [{ label: 'All alerts', until: NOON + 3_600_000 }] });
  expect(await alerts.handlers.unsnooze({ target: { kind: 'all' } }, caller)).toMatchObject({ snoozes: [] });
});
