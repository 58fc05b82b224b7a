/**
 * The settings in effect while those of the file are not known. They are the defaults, except where a default reaches
 * further than the lost setting may have: nothing but this machine itself can connect, and none of the history is removed.
 */
import { DEFAULT_SETTINGS } from '../../shared/settings/settings-schema';
import type { Settings } from '../../shared/settings/settings-schema';

/** Saved as they are when a setting is changed then, so that they do not open up with the next start. */
export const FALLBACK_SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  networkMounts: false,
  // Who had it off must not be found asking.
  checkForUpdates: false,
  driveHealth: false,
  // The largest the schema allows: a shorter time, or a size limit, would remove what the lost settings kept.
  keepDays: 3650,
  maxHistoryMb: null,
  alerts: { ...DEFAULT_SETTINGS.alerts, keepEvents: 100_000, pruneEventsAt: 200_000, webhooks: [] },
  lan: { ...DEFAULT_SETTINGS.lan, enabled: false, addresses: ['127.0.0.1'], tls: 'self-signed', certFile: null, keyFile: null, mdns: false, allowLoopbackMetrics: false, trustedProxies: [], publicUrls: [] },
  powerControl: { ...DEFAULT_SETTINGS.powerControl, enabled: false },
  containers: { ...DEFAULT_SETTINGS.containers, enabled: false },
};
