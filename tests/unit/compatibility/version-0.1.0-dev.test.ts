import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccessControl } from '../../../src/main/access/access-control';
import { importAlerts } from '../../../src/main/alerts/import-export';
import { openWebhookQueue } from '../../../src/main/alerts/webhook-queue';
import { createWindowState } from '../../../src/main/desktop/window-state';
import { createCallbackLog } from '../../support/log';
import { createSettings } from '../../../src/main/settings/settings';
import type { CreatedSettings } from '../../../src/main/settings/settings';
import { DEFAULT_RULES, effectiveRules } from '../../../src/shared/alerts/default-rules';
import { DEFAULT_SETTINGS, SETTINGS_VERSION } from '../../../src/shared/settings/settings-schema';
import { repeatableRandom } from '../../support/access';
import { FakeTime } from '../../support/collectors';
import { copyFolder, expected, fixtureJson, letPass, openFormer, OPENED_AT, PRESENT_STEP } from '../../support/former-version';

/** Who asks at the machine itself. */
const LOCAL = { id: 'desktop', role: 'local' } as const;

type Json = Readonly<Record<string, unknown>>;

const clock = { now: () => OPENED_AT, mono: () => 0 };
const quiet = createCallbackLog(() => undefined);
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The former version's settings under their present names, renamed by their text so that nothing of the app is used for it. */
function underPresentNames(settings: unknown): Json {
  const names: Readonly<Record<string, string>> = {
    ownLimits: 'useDeviceLimits',
    clear: 'recoverAt',
    clearSeconds: 'recoverSeconds',
    remindSeconds: 'repeatSeconds',
    criticalsBreakThrough: 'criticalBypassesQuietHours',
    control: 'powerControl',
  };
  const text = JSON.stringify(settings)
    .replace(/"(\w+)":/g, (whole, name: string) => (names[name] === undefined ? whole : `"${names[name]}":`))
    .replace('"tls":"own"', '"tls":"self-signed"');
  const present = JSON.parse(text) as Json & { lan?: Json; alerts?: Json };
  // Settings that were added since.
  const withAlternatives = (level: Json | null): Json | null => (level === null ? null : { ...level, anyOf: [] });
  const toRule = (rule: Json): Json => ({ ...rule, exceptMedia: false, warning: withAlternatives(rule['warning'] as Json | null), critical: withAlternatives(rule['critical'] as Json | null) });
  const addedTo = (section: Json): Json => (Array.isArray(section['rules']) ? { ...section, rules: (section['rules'] as Json[]).map(toRule) } : section);
  const added = present.lan === undefined ? {} : { lan: { ...present.lan, trustedProxies: [], publicUrls: [] }, alerts: addedTo(present.alerts ?? {}), gettingStarted: [], checkForUpdates: true, driveHealth: false, devices: [], containers: { enabled: true, endpoints: [], logLines: false, actions: false }, services: [] };
  return { ...addedTo(present), ...added, version: SETTINGS_VERSION };
}

describe('settings of version 0.1.0-development', () => {
  const open = (path: string): CreatedSettings => createSettings({ path, clock, log: quiet });

  it.each([
    ['settings.json', fixtureJson('settings.json')],
    ['settings-v1.json', expected.settingsV1.inForce],
  ])('in %s are all as they were, and saved as they are now', (name, before) => {
    const { folder, settings: path } = copyFolder('settings-v1.json');
    if (name !== 'settings.json') copyFileSync(join(folder, name), path);
    const { settings, quarantined, refusal } = open(path);
    expect([quarantined, refusal, readdirSync(folder).filter((file) => file.includes('corrupt'))]).toEqual([null, null, []]);
    const present = underPresentNames(before);
    expect(settings.get()).toEqual(present);
    expect(settings.update({ theme: settings.get().theme }).ok).toBe(true);
    expect(json(path)).toEqual(present);
    expect(open(path).settings.get()).toEqual(present);
  });

  it('have no former name and no default left where the file had none', () => {
    const { settings } = open(copyFolder().settings);
    expect(JSON.stringify(settings.get())).not.toMatch(/ownLimits|"clear"|clearSeconds|remindSeconds|criticalsBreakThrough|"control"|"own"/);
    const { alerts, lan, powerControl } = settings.get();
    expect(alerts.criticalBypassesQuietHours).not.toBe(DEFAULT_SETTINGS.alerts.criticalBypassesQuietHours);
    expect([lan.tls, powerControl]).toEqual(['self-signed', { enabled: true, countdown: 45 }]);
    const { rules } = alerts;
    expect(rules.some((rule) => rule.useDeviceLimits)).toBe(true);
    expect(rules.find(({ id }) => id === 'cpu-usage')).toMatchObject({ recoverSeconds: 45, repeatSeconds: 900, warning: { recoverAt: 50 } });
    expect(rules.some(({ critical }) => critical?.guard !== null && critical?.guard.recoverAt !== null)).toBe(true);
  });

  it('make the same rules together with the default ones', () => {
    const rules = effectiveRules(open(copyFolder().settings).settings.get().alerts.rules);
    const former = expected.settings.effectiveRules.map(({ id, enabled }) => ({ id, enabled }));
    // What came later is beside them as it comes.
    const isFormer = ({ id }: { readonly id: string }): boolean => former.some((rule) => rule.id === id);
    expect(rules.filter(isFormer).map(({ id, enabled }) => ({ id, enabled }))).toEqual(former);
    for (const rule of rules.filter((one) => !isFormer(one))) expect(DEFAULT_RULES).toContainEqual(rule);
  });
});

describe('an export file of alert settings', () => {
  const V1 = fixtureJson('alert-export-v1.json') as { readonly alerts: { readonly rules: readonly Json[] } & Json };

  /** Imports a file into new settings. */
  async function importFile(file: unknown) {
    const { folder } = copyFolder();
    const path = join(folder, 'alerts-to-import.json');
    writeFileSync(path, JSON.stringify(file));
    const { settings } = createSettings({ path: join(folder, 'new-settings.json'), clock, log: quiet });
    const dialogs = { save: () => Promise.resolve(null), open: () => Promise.resolve(path) };
    const error = await importAlerts({ settings, dialogs, clock }).then(() => null, (reason: Error) => reason.message);
    return { error, alerts: settings.get().alerts };
  }

  const present = underPresentNames(V1.alerts);
  const { version: _version, ...alerts } = present;

  it('of version 1 is imported under the present names', async () => {
    expect(await importFile(V1)).toEqual({ error: null, alerts });
  });

  it('of version 2 is imported as it is', async () => {
    expect(await importFile({ kind: 'traywatch-alerts', version: 2, alerts })).toEqual({ error: null, alerts });
  });

  it.each<[string, unknown, RegExp]>([
    ['of a version to come', { ...V1, version: 3 }, /version: .*newer version of Traywatch \(3, this one knows 2\)/],
    ['of version 0', { ...V1, version: 0 }, /does not contain alert settings/],
    ['of version 1 with a wrong field', { ...V1, alerts: { ...V1.alerts, rules: [{ ...V1.alerts.rules[0], clearSeconds: 'soon' }] } }, /alerts\.rules\.0\.recoverSeconds: /],
    ['of version 1 with a field unknown to it', { ...V1, alerts: { ...V1.alerts, rules: [{ ...V1.alerts.rules[0], hologram: 1 }] } }, /alerts\.rules\.0: .*hologram/],
    ['of version 1 with a recovery value beyond its threshold', { ...V1, alerts: { ...V1.alerts, rules: [{ ...V1.alerts.rules[0], warning: { threshold: 60, clear: 70, forSeconds: 30, guard: null } }] } }, /alerts\.rules\.0\.warning\.recoverAt: /],
    ['of version 2 with names of version 1', { ...V1, version: 2 }, /alerts.*(ownLimits|criticalsBreakThrough)/],
  ])('%s is refused with a message that says why', async (_, file, message) => {
    const { error, alerts: after } = await importFile(file);
    expect(error).toMatch(message);
    expect(after).toEqual(DEFAULT_SETTINGS.alerts);
  });
});

describe('alerts of version 0.1.0-development', () => {
  it('go on: open ones, snoozes and what was missed are taken up, and nothing is shown or sent twice', async () => {
    const paths = copyFolder();
    const former = openFormer(paths);
    const { core, time, troubles, shown } = former;
    const { incidents, snoozes } = core.alerts.openAlerts();
    expect(incidents.map(({ id }) => id).toSorted()).toEqual([...expected.openAlerts.incidents].toSorted());
    expect(incidents.find(({ acknowledgedAt }) => acknowledgedAt !== null)?.id).toMatch(/^temperature:/);
    expect(snoozes).toEqual(expected.openAlerts.snoozes);
    await letPass(time, 60_000);
    // What the former version shows when it is opened then: the one not decided about, and the summary of the night.
    const [summary, alert, ...others] = shown.toSorted((a, b) => a.kind.localeCompare(b.kind)).toReversed();
    expect([alert?.key, alert?.kind, others]).toEqual(['eth0-busy:network.rx@eth0:1793513398000', 'alert', []]);
    expect(summary?.kind).toBe('summary');
    expect(summary?.title).toMatch(new RegExp(`\\b${expected.alertMemory.missed} alerts`));
    expect(summary?.body.replaceAll('\u202f', ' ')).toMatch(/^Disk space \/data 95 %\nDisk space \/ 78 %\nCPU load 1 min 6\.49/);
    expect([troubles, core.notices.list()]).toEqual([[], []]);
    const later = former.again();
    await letPass(later.time, 60_000);
    expect([later.shown, later.posts, later.troubles]).toEqual([[], [], []]);
    expect(later.core.alerts.openAlerts().incidents).toHaveLength(expected.incidents.open);
  });

  it('keep what is known of each open one', () => {
    const paths = copyFolder();
    // Closed before anything is decided about: what is known is what the file said.
    openFormer(paths).again();
    const { incidents } = json(paths.alerts) as { incidents: Json };
    expect(incidents).toEqual(expected.alertMemory.told);
  });

  it('have everything snoozed where it was', () => {
    const paths = copyFolder('alerts-all-snoozed.json');
    copyFileSync(join(paths.folder, 'alerts-all-snoozed.json'), paths.alerts);
    const { snoozes } = fixtureJson('alerts-all-snoozed.json') as { snoozes: readonly { since: number }[] };
    const { core } = openFormer(paths, new FakeTime(), (snoozes[0]?.since ?? 0) + 60_000);
    expect([snoozes.length, core.alerts.openAlerts().snoozes]).toEqual([1, snoozes]);
  });
});

describe('messages to webhooks that version 0.1.0-development had queued', () => {
  const { addresses, names, waiting, states, delivered } = expected.webhooks;
  const queued = (id: string): (readonly unknown[])[] => waiting.filter(([webhook]) => webhook === id).map(([, event, title]) => [PRESENT_STEP[event], title]);

  it('are all there, in order, under the present names of their events', () => {
    const { webhookQueue: path } = copyFolder();
    const queue = openWebhookQueue({ path, clock, timers: new FakeTime(), log: quiet });
    for (const { id, waiting: count } of states) {
      expect(queue.waiting(id)).toBe(count);
      const sent: (readonly unknown[])[] = [];
      for (let batch = queue.next(id, null); batch.length > 0; batch = queue.next(id, null)) {
        // What was under way stays together.
        expect(batch).toHaveLength(sent.length === 0 ? Math.max(1, waiting.filter(([webhook, , , underWay]) => webhook === id && underWay).length) : 1);
        sent.push(...batch.map(({ event, title }) => [event, title]));
        queue.delivered(batch);
      }
      expect(sent).toEqual(queued(id));
    }
    const file = json(path) as { items: unknown[]; delivered: string[] };
    expect([file.items, file.delivered.length]).toEqual([[], delivered + waiting.length]);
  });

  it('are posted as such, each once, to the addresses in secrets.json', async () => {
    const { time, posts, core } = openFormer(copyFolder());
    const stateOf = (): unknown => core.handlers.webhooks({}, LOCAL);
    expect(stateOf()).toEqual(states.map((state) => expect.objectContaining(state) as unknown));
    await letPass(time, 30_000);
    const postedTo = (name: string): Json[] => posts.filter(({ url }) => url === addresses[names[name] ?? '']).map(({ body }) => body);
    for (const name of ['pager', 'archive']) {
      expect(postedTo(name).map(({ event, title }) => [event, title])).toEqual(queued(names[name] ?? ''));
    }
    expect(postedTo('pager').map(({ event }) => event)).toEqual(['escalated', 'resolved', 'reminder']);
    // Slack takes several as one: the four that were under way together, and the rest.
    const slack = postedTo('slack').map((body) => JSON.stringify(body));
    expect(slack).toHaveLength(2);
    for (const [, title] of queued(names['slack'] ?? '').slice(0, 4)) expect(slack[0]).toContain(title);
    expect(stateOf()).toEqual(states.map(({ id }) => expect.objectContaining({ id, waiting: 0, error: null }) as unknown));
    expect(posts).toHaveLength(6);
  });

  it('have every address, sealed or not', async () => {
    const { core, posts } = openFormer(copyFolder());
    for (const id of Object.keys(addresses)) expect(await core.handlers.testWebhook({ id }, LOCAL)).toMatchObject({ ok: true });
    expect(posts.map(({ url }) => url)).toEqual(Object.values(addresses));
  });
});

describe('access given by version 0.1.0-development', () => {
  /** Access over a copy, with the real hashing. */
  function openAccess() {
    const { access: path, folder } = copyFolder();
    const time = new FakeTime();
    time.wall = OPENED_AT;
    const events: string[] = [];
    const troubles: string[] = [];
    const access = createAccessControl({ path, clock: time, timers: time, random: repeatableRandom(), log: createCallbackLog(({ message }) => troubles.push(message)), record: ({ type }) => events.push(type), isSecure: () => true });
    return { access, events, troubles, files: () => readdirSync(folder) };
  }
  const { apiTokens, passwords, refreshCookies } = expected.credentials;
  const cookie = (name: string): string => refreshCookies[name]?.value ?? '';

  it('is all there', () => {
    const { access, troubles, files } = openAccess();
    const { devices, accounts, tokens, problem } = access.summary();
    expect({ devices, accounts, tokens, problem }).toEqual(expected.access);
    expect([troubles, files().filter((name) => name.includes('corrupt'))]).toEqual([[], []]);
  });

  it.each(Object.entries(passwords))('lets %s sign in with the password', async (name, password) => {
    const { access } = openAccess();
    expect(await access.login(name, password, 'Test', '192.168.1.7')).toMatchObject({ kind: 'ok' });
    expect(await access.login(name, `${password}!`, 'Test', '192.168.1.7')).toMatchObject({ kind: 'wrong' });
  });

  it.each(Object.entries(apiTokens))('knows the token %s, unless it has ended', async (name, token) => {
    const { access } = openAccess();
    const identity = await access.authenticate({ cookies: {}, authorization: `Bearer ${token}`, address: '192.168.1.7' });
    const known = expected.access.tokens.find(({ label }) => label === name);
    expect(identity).toEqual(known !== undefined && known.expiresAt > OPENED_AT ? expect.objectContaining({ id: known.id, name, scopes: known.scopes }) : null);
  });

  it.each(['Alex, Firefox on Linux', 'Firefox on Android', 'Firefox on Android, before', 'Kitchen tablet', 'sam, Safari on iPhone'])('renews the sign-in of %s', async (name) => {
    const { access, events } = openAccess();
    const came = access.refresh(cookie(name), '192.168.1.7');
    if (came.kind !== 'ok') throw new Error(`the cookie of ${name} is ${came.kind}`);
    expect(await access.authenticate({ cookies: { '__Host-traywatch': came.tokens.access }, authorization: undefined, address: '192.168.1.7' })).toEqual(came.identity);
    expect(came.identity.name).toBe(name.replace(', before', ''));
    expect(events).toEqual([]);
  });

  it('ends where a spent cookie comes back', () => {
    const { access, events } = openAccess();
    expect(access.refresh(cookie('Alex, Firefox on Linux, spent'), '192.168.1.7')).toEqual({ kind: 'wrong' });
    expect(events).toEqual(['lan_refresh_token_reused']);
    expect(access.summary().devices.map(({ name }) => name)).not.toContain('Alex, Firefox on Linux');
  });
});

describe('what the desktop of version 0.1.0-development remembered', () => {
  it('is the window, and that the missing tray was shown as a notice', () => {
    const { desktop } = copyFolder();
    const lines: string[] = [];
    const state = createWindowState(desktop, createCallbackLog(({ message }) => lines.push(message)));
    expect(state.get()).toEqual({ window: expected.desktop.window, noTrayNoticeShown: true });
    state.update({});
    expect(json(desktop)).toEqual({ window: expected.desktop.window, noTrayNoticeShown: true });
    expect([lines, existsSync(desktop)]).toEqual([[], true]);
  });
});
