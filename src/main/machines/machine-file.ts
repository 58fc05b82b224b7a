/** `machines.json`: the machines that joined, what is set for them, and what they told of themselves last. */
import * as z from 'zod';
import { machineIdSchema, machineSettingsSchema } from '../../shared/machines/machine-schemas';
import { aboutSchema } from '../../shared/machines/report-schemas';

/** A machine that joined. Times are epoch ms of the hub's clock. */
const knownMachineSchema = z.strictObject({
  id: machineIdSchema,
  settings: machineSettingsSchema,
  joinedAt: z.number(),
  /** What it told of itself last; null before its first report. */
  about: aboutSchema.nullable(),
  /** The last run of its program and the last start of its system that reported; null where not known. */
  run: z.string().nullable(),
  boot: z.string().nullable(),
  /** When a report last arrived, to some minutes; null before the first. */
  reportedAt: z.number().nullable(),
});
/** A machine that joined. */
export type KnownMachine = z.infer<typeof knownMachineSchema>;

/** The file. */
export const machineFileSchema = z.strictObject({ version: z.literal(1), machines: z.array(knownMachineSchema).max(500).readonly() });
/** Content of the file. */
export type MachineFile = z.infer<typeof machineFileSchema>;

/** No machines. */
export const NO_MACHINES: MachineFile = { version: 1, machines: [] };

/** A machine that has just joined, with what is set for it at first. */
export function newMachine(id: string, name: string, now: number): KnownMachine {
  return { id, settings: { name, tags: [], alwaysOn: false, silentMinutes: 5, keepDays: 730, maxBytes: null }, joinedAt: now, about: null, run: null, boot: null, reportedAt: null };
}
