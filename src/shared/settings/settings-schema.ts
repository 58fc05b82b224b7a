/** Schema of the settings, with defaults and limits. */
import * as z from 'zod';
import { alertsPatchSchema, alertsSettingsSchema } from '../alerts/alert-settings';
import { powerControlPatchSchema, powerControlSettingsSchema } from '../power/power-schemas';
import { GETTING_STARTED_STEPS } from './getting-started';
import { lanPatchSchema, lanSettingsSchema } from '../sharing/lan-settings';
import { deviceSettingsSchema } from './device-settings-schema';
import { containerSettingsPatchSchema, containerSettingsSchema } from '../containers/container-settings';
import { servicesSchema } from '../services/service-schemas';

/** Version of the settings file that is written; older ones are migrated step by step. */
export const SETTINGS_VERSION = 3;

/** Steps of the card "Getting started". */
const gettingStarted = z.array(z.enum(GETTING_STARTED_STEPS)).max(GETTING_STARTED_STEPS.length);

/** All settings with defaults and limits. A file that does not match is moved aside, never interpreted in part. */
export const settingsSchema = z.strictObject({
  version: z.literal(SETTINGS_VERSION),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Label of the machine, on the System page and in the status document. */
  environment: z.string().trim().min(1).max(40).default('production'),
  /** Show the window at startup, not only the tray icon. */
  openAtStart: z.boolean().default(true),
  /** Ask once a day whether there is a newer version. */
  checkForUpdates: z.boolean().default(true),
  /** Also measure network mounts, and FUSE mounts that are no local disks. Each call has a deadline. */
  networkMounts: z.boolean().default(false),
  /** Also ask drives for their health (SMART), with smartctl, once an hour. */
  driveHealth: z.boolean().default(false),
  /** Devices that have another name or are ignored. */
  devices: deviceSettingsSchema.default([]),
  /** Retention of the history, days. */
  keepDays: z.int().min(1).max(3650).default(730),
  /** Largest size of the history, MB (10^6 bytes), the oldest data being deleted first; null for no limit. */
  maxHistoryMb: z.int().min(20).max(1_000_000).nullable().default(null),
  /** Steps that are still on the card; none by default, so that it is there from the first start only, and not after an update. */
  gettingStarted: gettingStarted.default([]),
  /** Rules, quiet hours, notifications and webhooks. */
  alerts: alertsSettingsSchema.prefault({}),
  /** The LAN server. */
  lan: lanSettingsSchema.prefault({}),
  /** Remote restart and shutdown. */
  powerControl: powerControlSettingsSchema.prefault({}),
  /** Container engines. */
  containers: containerSettingsSchema.prefault({}),
  /** What is probed; secrets are stored apart. */
  services: servicesSchema.default([]),
});

/** The active settings. */
export type Settings = z.infer<typeof settingsSchema>;

/** A change of some settings, as the page sends it. */
export const settingsPatchSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  environment: z.string().trim().min(1).max(40).optional(),
  openAtStart: z.boolean().optional(),
  checkForUpdates: z.boolean().optional(),
  networkMounts: z.boolean().optional(),
  driveHealth: z.boolean().optional(),
  devices: deviceSettingsSchema.optional(),
  keepDays: z.int().min(1).max(3650).optional(),
  maxHistoryMb: z.int().min(20).max(1_000_000).nullable().optional(),
  gettingStarted: gettingStarted.optional(),
  alerts: alertsPatchSchema.optional(),
  lan: lanPatchSchema.optional(),
  powerControl: powerControlPatchSchema.optional(),
  containers: containerSettingsPatchSchema.optional(),
  services: servicesSchema.optional(),
});

/** A validated change of some settings. */
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/**
 * What is only changeable on the machine itself: a stolen session must not be able to extend its access, to have this machine ask
 * others or work on its containers, and hints are for who sits there.
 */
export const LOCAL_SECTIONS = ['lan', 'powerControl', 'gettingStarted', 'containers', 'services'] as const;

/** The default settings. */
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({ version: SETTINGS_VERSION });
