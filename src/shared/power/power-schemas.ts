/** Restarting and shutting the machine down from a browser: the words of it. */
import * as z from 'zod';
import { COUNTDOWN, POWER_ACTIONS } from './power-labels';

/** What can be done to the machine. */
export const powerActionSchema = z.enum(POWER_ACTIONS);

const fields = {
  /** Off until somebody at the desktop says otherwise. */
  enabled: z.boolean(),
  /** Seconds between the confirmation and the deed, in which it can be called off. */
  countdown: z.int().min(COUNTDOWN.min).max(COUNTDOWN.max),
};

/** The section of the settings; only the desktop may change it. */
export const powerControlSettingsSchema = z.strictObject({ enabled: fields.enabled.default(false), countdown: fields.countdown.default(30) });
/** The section of the settings. */
export type PowerControlSettings = z.infer<typeof powerControlSettingsSchema>;
/** A change: whole fields; those that are absent stay. */
export const powerControlPatchSchema = z.strictObject(fields).partial();

const time = z.number();
const asked = { id: z.string(), action: powerActionSchema, /** Who asked, for a person. */ by: z.string() };

/** A request that came to nothing: it was cancelled, or the system did not do it. `reason` is a sentence. */
const powerOutcomeSchema = z.strictObject({ action: powerActionSchema, result: z.enum(['cancelled', 'failed']), reason: z.string() });
/** A request that came to nothing. */
export type PowerOutcome = z.infer<typeof powerOutcomeSchema>;

/** How it stands. Times are epoch milliseconds of the machine; `left` milliseconds when this was told, for other clocks. */
export const powerControlStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('idle'), /** How the last request ended without a restart or a shutdown; null where there is nothing to show. */ outcome: powerOutcomeSchema.nullable() }),
  /** Waits for a password, or for a yes at the desktop. */
  z.strictObject({ state: z.literal('asked'), ...asked, until: time, left: z.number() }),
  /** Confirmed; happens at `until` unless it is called off. */
  z.strictObject({ state: z.literal('counting'), ...asked, until: time, left: z.number() }),
  /** The system has been told. */
  z.strictObject({ state: z.literal('started'), ...asked }),
]);
/** How it stands. */
export type PowerControlState = z.infer<typeof powerControlStateSchema>;
