/** How the alerts stand: what lasts, and what is silenced. */
import * as z from 'zod';
import { incidentSchema } from './incident';
import { snoozeLengthSchema, snoozeSchema, snoozeTargetSchema } from './snooze';

/** Incidents that last, the worst and then the latest first, and the snoozes in force. */
export const alertsStateSchema = z.strictObject({
  open: z.array(incidentSchema).readonly(),
  snoozes: z.array(snoozeSchema).readonly(),
});
/** How the alerts stand. */
export type AlertsState = z.infer<typeof alertsStateSchema>;

/** Which incident a person has taken note of. */
export const acknowledgeSchema = z.strictObject({ id: z.string().max(600) });
/** What is to be silenced, and for how long. */
export const snoozeWishSchema = z.strictObject({ target: snoozeTargetSchema, length: snoozeLengthSchema });
/** Which snooze ends; all of them with null. */
export const unsnoozeWishSchema = z.strictObject({ target: snoozeTargetSchema.nullable() });
