/** The section `containers` of the settings. */
import * as z from 'zod';
import { endpointProblem, MAX_ENDPOINTS } from './endpoint';

/** A socket, a named pipe, or an address; ssh is not spoken. */
const endpoint = z
  .string()
  .trim()
  .refine((text) => endpointProblem(text) === null, { error: ({ input }) => endpointProblem(String(input)) ?? undefined });

const fields = {
  /** Look for container engines, and watch them. */
  enabled: z.boolean(),
  /** Engines besides those that are found. */
  endpoints: z.array(endpoint).max(MAX_ENDPOINTS).readonly(),
  /** Put the last log lines of a container that failed into alerts and the timeline: they may hold secrets. */
  logLines: z.boolean(),
  /** Allow starting, stopping and restarting containers from the window. */
  actions: z.boolean(),
};

/** The whole section. */
export const containerSettingsSchema = z.strictObject({
  enabled: fields.enabled.default(true),
  endpoints: fields.endpoints.default([]),
  logLines: fields.logLines.default(false),
  actions: fields.actions.default(false),
});
/** The section `containers` of the settings. */
export type ContainerSettings = z.infer<typeof containerSettingsSchema>;

/** A change: whole fields; absent ones stay as they are. */
export const containerSettingsPatchSchema = z.strictObject(fields).partial();
