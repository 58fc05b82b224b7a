/** Schemas of calls about how this Traywatch is installed and runs. Texts are apart, so that a page can show them without zod. */
import * as z from 'zod';
import type { AutostartReason, AutostartState, AutostartStatus } from './autostart';
import type { SandboxState } from './sandbox';
import type { TestNotificationOutcome } from './test-notification';
import type { TrayDesktop, TrayState, TrayStatus } from './tray-status';
import type { UpdateProblemCode, UpdateStatus } from './updates';

const STATES = ['enabled', 'disabled', 'disabledElsewhere', 'needsApproval', 'unknown'] as const satisfies readonly AutostartState[];
const REASONS = ['systemWide', 'otherCommand', 'programMissing', 'notOurs', 'link', 'unreadable', 'checkout', 'confined', 'demo', 'headless'] as const satisfies readonly AutostartReason[];
const SANDBOX = ['on', 'partly', 'off', 'unknown'] as const satisfies readonly SandboxState[];
const TRAY_STATES = ['unknown', 'waiting', 'present', 'missing', 'lost'] as const satisfies readonly TrayState[];
const TRAY_DESKTOPS = ['windows', 'macos', 'gnome', 'plasma', 'xfce', 'cinnamon', 'mate', 'lxqt', 'budgie', 'sway', 'hyprland', 'i3', 'other'] as const satisfies readonly TrayDesktop[];
const OUTCOMES = ['shown', 'doNotDisturb', 'refused', 'unknown'] as const satisfies readonly TestNotificationOutcome[];

/** Start at login. */
export const autostartStatusSchema: z.ZodType<AutostartStatus> = z.strictObject({ state: z.enum(STATES), reason: z.enum(REASONS).nullable(), what: z.string().nullable(), canChange: z.boolean() });

/** Chromium's sandbox. */
export const sandboxStateSchema: z.ZodType<SandboxState> = z.enum(SANDBOX);

/** The desktop's tray. */
export const trayStatusSchema: z.ZodType<TrayStatus> = z.strictObject({ state: z.enum(TRAY_STATES), desktop: z.enum(TRAY_DESKTOPS) });

/** What the desktop made of a test notification. */
export const testNotificationSchema: z.ZodType<{ readonly outcome: TestNotificationOutcome }> = z.strictObject({ outcome: z.enum(OUTCOMES) });

/** What is asked for: whether names, paths, addresses and messages are included. */
export const diagnosticsQuerySchema = z.strictObject({ withNames: z.boolean() });

/** Plain text, to paste into an issue. */
export const diagnosticsSchema = z.strictObject({ text: z.string() });

const METHODS = ['self', 'deb', 'rpm', 'archive', 'none'] as const satisfies readonly UpdateStatus['method'][];
const PHASES = ['idle', 'checking', 'downloading', 'ready'] as const satisfies readonly UpdateStatus['phase'][];
const PROBLEMS = ['unreachable', 'timedOut', 'redirected', 'refused', 'tooLarge', 'malformed', 'badSignature', 'otherChannel', 'older', 'noFile', 'wrongContent', 'diskFull', 'notReplaceable', 'failed'] as const satisfies readonly UpdateProblemCode[];

/** Updates. */
export const updateStatusSchema: z.ZodType<UpdateStatus> = z.strictObject({
  method: z.enum(METHODS),
  current: z.string(),
  phase: z.enum(PHASES),
  applies: z.enum(['nextStart', 'restart', 'quit']).nullable(),
  progress: z.number().nullable(),
  checkedAt: z.number().nullable(),
  nextAt: z.number().nullable(),
  problem: z.strictObject({ code: z.enum(PROBLEMS), what: z.string().nullable() }).nullable(),
  offer: z.strictObject({ version: z.string(), released: z.number(), file: z.string().nullable(), bytes: z.number().nullable() }).nullable(),
});
