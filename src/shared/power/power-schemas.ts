/** Schemas of remote restart and shutdown: the section of the settings, and the state that the page displays. */
import * as z from 'zod';
import { COUNTDOWN, POWER_ACTIONS } from './power-labels';

/** An action: restart or shutdown. */
export const powerActionSchema = z.enum(POWER_ACTIONS);

const fields = {
  /** Off until a user on the machine turns it on. */
  enabled: z.boolean(),
  /** Seconds from the confirmation to the action, in which it can be cancelled. */
  countdown: z.int().min(COUNTDOWN.min).max(COUNTDOWN.max),
};

/** The section of the settings; only changeable on the machine itself. */
export const powerControlSettingsSchema = z.strictObject({ enabled: fields.enabled.default(false), countdown: fields.countdown.default(30) });
/** The section of the settings. */
export type PowerControlSettings = z.infer<typeof powerControlSettingsSchema>;
/** A change: whole fields; absent ones stay as they are. */
export const powerControlPatchSchema = z.strictObject(fields).partial();

/** Why a request ended without its action; `reason` is a sentence to display. */
const powerOutcomeSchema = z.strictObject({ action: powerActionSchema, result: z.enum(['cancelled', 'failed']), reason: z.string() });
/** Why a request ended without its action. */
export type PowerOutcome = z.infer<typeof powerOutcomeSchema>;

const time = z.number();
const request = { id: z.string(), action: powerActionSchema, /** Display name of the requester. */ by: z.string() };

/** State of remote restart. `until` in epoch ms of the machine; `left` in ms when the state was sent, for clients with another clock. */
export const powerControlStateSchema = z.discriminatedUnion('state', [
  /** `outcome` of the last request; null when there was none. */
  z.strictObject({ state: z.literal('idle'), outcome: powerOutcomeSchema.nullable() }),
  /** Waits for a password, or for approval on the machine. */
  z.strictObject({ state: z.literal('pending'), ...request, until: time, left: z.number() }),
  /** Confirmed; executed at `until` unless it is cancelled. */
  z.strictObject({ state: z.literal('countdown'), ...request, until: time, left: z.number() }),
  /** The command was given to the system. */
  z.strictObject({ state: z.literal('executing'), ...request }),
]);
/** State of remote restart. */
export type PowerControlState = z.infer<typeof powerControlStateSchema>;
