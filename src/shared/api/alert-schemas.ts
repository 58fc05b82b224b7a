/** Zod schemas of what is asked about alerts, and told of them. */
import * as z from 'zod';
import { incidentSchema } from '../alerts/incident';
import { alertsSettingsSchema } from '../alerts/alert-settings';
import { snoozeLengthSchema, snoozeSchema, snoozeTargetSchema } from '../alerts/snooze';

/** What lasts now, and what is silenced. */
export const openAlertsSchema = z.strictObject({ incidents: z.array(incidentSchema).readonly(), snoozes: z.array(snoozeSchema).readonly() });
/** What lasts now, and what is silenced. */
export type OpenAlerts = z.infer<typeof openAlertsSchema>;

/** The incident a person took note of. */
export const acknowledgeSchema = z.strictObject({ incident: z.string().min(1).max(600) });
/** What to silence, and for how long. */
export const snoozeInputSchema = z.strictObject({ target: snoozeTargetSchema, length: snoozeLengthSchema });
/** Which snooze to end; null for all. */
export const unsnoozeSchema = z.strictObject({ target: snoozeTargetSchema.nullable() });

/** The file that was read, and the settings before it, with which it is undone; null when the person thought better of it. */
export const importedAlertsSchema = z.strictObject({ path: z.string().nullable(), before: alertsSettingsSchema.nullable() });
