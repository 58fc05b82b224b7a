/** Schemas of the calls and events about alerts. */
import * as z from 'zod';
import { incidentSchema } from '../alerts/incident';
import { alertsSettingsSchema } from '../alerts/alert-settings';
import { snoozeLengthSchema, snoozeSchema, snoozeTargetSchema } from '../alerts/snooze';

/** Open incidents, and active snoozes. */
export const openAlertsSchema = z.strictObject({ incidents: z.array(incidentSchema).readonly(), snoozes: z.array(snoozeSchema).readonly() });
/** Open incidents, and active snoozes. */
export type OpenAlerts = z.infer<typeof openAlertsSchema>;

/** The incident to acknowledge. */
export const acknowledgeSchema = z.strictObject({ incident: z.string().min(1).max(600) });
/** What to snooze, and for how long. */
export const snoozeInputSchema = z.strictObject({ target: snoozeTargetSchema, length: snoozeLengthSchema });
/** Which snooze to end; null for all. */
export const unsnoozeSchema = z.strictObject({ target: snoozeTargetSchema.nullable() });

/** The imported file, and the previous settings to undo the import; null when the dialog was cancelled. */
export const importedAlertsSchema = z.strictObject({ path: z.string().nullable(), before: alertsSettingsSchema.nullable() });
