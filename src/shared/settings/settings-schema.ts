import * as z from 'zod';
import { alertsPatchSchema, alertsSettingsSchema } from '../alerts/alert-settings';
import { powerControlPatchSchema, powerControlSettingsSchema } from '../power/power-schemas';
import { lanPatchSchema, lanSettingsSchema } from '../sharing/lan-settings';

/** Version of the settings file this program writes; older ones are migrated step by step. */
export const SETTINGS_VERSION = 3;

/** Every setting with its default and its bounds. A file that breaks a rule is set aside, never guessed at. */
export const settingsSchema = z.strictObject({
  version: z.literal(SETTINGS_VERSION),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Shown on the Host page and in the status document. */
  environment: z.string().trim().min(1).max(40).default('production'),
  /** Show the window when the app starts, not only the tray icon. */
  openAtStart: z.boolean().default(true),
  /** Also ask network mounts, and FUSE mounts that are no local disks, for their space. Each call has a deadline. */
  networkMounts: z.boolean().default(false),
  /** Days of history kept. */
  keepDays: z.int().min(1).max(3650).default(730),
  /** Megabytes the history may take, the oldest going first; null for any size. */
  maxHistoryMb: z.int().min(20).max(1_000_000).nullable().default(null),
  /** Rules, quiet hours, and where alerts go. */
  alerts: alertsSettingsSchema.prefault({}),
  /** The LAN server. */
  lan: lanSettingsSchema.prefault({}),
  /** Restarting and shutting down from a browser. */
  powerControl: powerControlSettingsSchema.prefault({}),
});

/** The settings in force. */
export type Settings = z.infer<typeof settingsSchema>;

/** A change to some settings, as a view sends it. */
export const settingsPatchSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  environment: z.string().trim().min(1).max(40).optional(),
  openAtStart: z.boolean().optional(),
  networkMounts: z.boolean().optional(),
  keepDays: z.int().min(1).max(3650).optional(),
  maxHistoryMb: z.int().min(20).max(1_000_000).nullable().optional(),
  alerts: alertsPatchSchema.optional(),
  lan: lanPatchSchema.optional(),
  powerControl: powerControlPatchSchema.optional(),
});

/** A checked change to some settings. */
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** Sections that only the desktop may change: whoever stole a session must not open the door wider. */
export const LOCAL_SECTIONS = ['lan', 'powerControl'] as const;

/** The settings of a new installation. */
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({ version: SETTINGS_VERSION });
