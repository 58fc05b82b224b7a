/** What is kept of reporting: who this machine is to a hub, and which hub it reports to. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { machineIdSchema } from '../../shared/machines/machine-schemas';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';
import type { StateFile } from '../lib/state-file';
import { pinSchema } from './certificate-pin';

const hubSchema = z.strictObject({
  url: z.string(),
  name: z.string(),
  /** Null for a hub on this machine without encryption. */
  pin: pinSchema.nullable(),
  token: z.string(),
});
/** A hub that this machine reports to. */
export type KnownHub = z.infer<typeof hubSchema>;

const stateSchema = z.strictObject({
  /** Made at first need and kept: a machine that leaves a hub and joins it again is the same. */
  machine: machineIdSchema.nullable(),
  hub: hubSchema.nullable(),
});
/** What is kept of reporting. */
export type ReportState = z.infer<typeof stateSchema>;

/** Opens the file; readable by its owner only, since the token is in it. */
export function openReportState(path: string, clock: { now(): number }, log: Log): StateFile<ReportState> {
  return openStateFile<ReportState>({ path, schema: stateSchema, initial: { machine: null, hub: null }, clock, log });
}

/** The id of this machine, which is made now where it has none: random, since ids of hardware and systems are copied with them. */
export function machineIdOf(file: StateFile<ReportState>): string {
  const state = file.get();
  if (state.machine !== null) return state.machine;
  const machine = randomBytes(16).toString('hex');
  file.put({ ...state, machine });
  return machine;
}
