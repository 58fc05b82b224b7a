/** Labels of the settings and of their values, for text about a change: the timeline, messages. */

/** By the path of the setting in the settings file. A setting that is missing here fails a test. */
const SETTING_LABELS: ReadonlyMap<string, string> = new Map([
  ['theme', 'Theme'],
  ['environment', 'Environment'],
  ['openAtStart', 'Show window at startup'],
  ['checkForUpdates', 'Check for updates'],
  ['networkMounts', 'Include network drives'],
  ['driveHealth', 'Ask drives for their health (SMART)'],
  ['devices', 'Renamed and ignored devices'],
  ['keepDays', 'Keep for (days)'],
  ['maxHistoryMb', 'Maximum size (MB)'],
  ['gettingStarted', 'Steps of “Getting started”'],
  ['alerts.rules', 'Alert rules'],
  ['alerts.quietHours', 'Quiet hours'],
  ['alerts.criticalBypassesQuietHours', 'Always show critical alerts'],
  ['alerts.digest', 'Summary after quiet hours'],
  ['alerts.keepEvents', 'Timeline length'],
  ['alerts.pruneEventsAt', 'Timeline length before old events are removed'],
  ['alerts.webhooks', 'Webhooks'],
  ['lan.enabled', 'Share on the local network'],
  ['lan.port', 'Sharing port'],
  ['lan.addresses', 'Sharing interfaces'],
  ['lan.tls', 'Encryption'],
  ['lan.certFile', 'Certificate file'],
  ['lan.keyFile', 'Key file'],
  ['lan.mdns', 'Advertise via mDNS'],
  ['lan.allowLoopbackMetrics', 'Local /metrics without token'],
  ['lan.trustedProxies', 'Trusted reverse proxies'],
  ['lan.publicUrls', 'Public URLs'],
  ['lan.intervalSeconds', 'Update interval (s)'],
  ['powerControl.enabled', 'Remote restart and shutdown'],
  ['powerControl.countdown', 'Restart countdown (s)'],
  ['containers.enabled', 'Watch containers'],
  ['containers.endpoints', 'Further container engines'],
  ['containers.logLines', 'Log lines of failed containers'],
  ['containers.actions', 'Start and stop containers'],
  ['services', 'Services'],
]);

/** Values that are codes, by the path of their setting. */
const VALUE_LABELS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['theme', { system: 'System', light: 'Light', dark: 'Dark' }],
  ['lan.addresses', { all: 'All' }],
  ['lan.tls', { 'self-signed': 'Self-signed', custom: 'Custom certificate', off: 'None (HTTP)' }],
]);

/** The label of a setting; null for one that has none. */
export function settingLabel(path: string): string | null {
  return SETTING_LABELS.get(path) ?? null;
}

/** A value of a setting as text: "on", "none", "Self-signed", "8543". */
export function settingValueText(path: string, value: string | number | boolean | null): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return VALUE_LABELS.get(path)?.[String(value)] ?? String(value);
}
