/** What the resource of measured devices asks and answers, from descriptors alone. Pure. */
import * as z from 'zod';
import { familyIdSchema } from '../../../shared/api/schemas';
import { deviceSeverity } from '../../../shared/metrics/assess';
import type { FamilyDescriptor } from '../../../shared/metrics/define';
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Snapshot } from '../../../shared/metrics/reading';
import { wordsSchema } from './resource';

const value = z.number().nullable();

/** Which families' devices are wanted: all where nothing is said. */
export const devicesParams = z.strictObject({
  family: wordsSchema
    .pipe(z.array(familyIdSchema).min(1).max(50))
    .optional()
    .meta({ description: `One or more of ${FAMILY_IDS.join(', ')}, apart by commas; all without it.` }),
});

/** Every device the machine is known to have: its facts, its headline, and all of its values. */
export const devicesSchema = z.strictObject({
  time: z.number(),
  devices: z.array(
    z.strictObject({
      family: familyIdSchema,
      /** As `device` of the history and statistics takes it. */
      id: z.string(),
      label: z.string(),
      /** What it is: Mount, Core, Interface … */
      kind: z.string(),
      /** Short extra: file system and source, model, address; null where there is none. */
      detail: z.string().nullable(),
      /** The metric it is told by, with its unit and value. */
      metric: z.string(),
      unit: z.string(),
      value,
      severity: z.enum(['healthy', 'warning', 'critical', 'unknown']),
      values: z.record(z.string(), value),
      limits: z.strictObject({ warning: z.number(), critical: z.number() }).nullable(),
      /** When it was read, epoch milliseconds. */
      time: z.number(),
    }),
  ),
});

/** The metric a family's devices are told by: its card's, or its first. */
function headlineOf({ card, device }: FamilyDescriptor): string {
  return card?.device ?? Object.keys(device.metrics)[0] ?? '';
}

function devicesOf(family: FamilyId, snapshot: Snapshot): z.output<typeof devicesSchema>['devices'] {
  const descriptor = familyOf(family);
  const metric = headlineOf(descriptor);
  const { label: kind, metrics } = descriptor.device;
  return Object.entries(snapshot.readings[family]?.devices ?? {}).map(([id, device]) => ({
    family,
    id,
    label: device.label,
    kind,
    detail: device.detail ?? null,
    metric,
    unit: metrics[metric]?.unit ?? '',
    value: device.values[metric] ?? null,
    severity: deviceSeverity(family, device),
    values: { ...device.values },
    limits: device.limits === undefined ? null : { ...device.limits },
    time: snapshot.readAt[family] ?? snapshot.time,
  }));
}

/** The devices of some families, or of all, in the families' order. */
export function devicesResponse(snapshot: Snapshot, families: readonly FamilyId[] = FAMILY_IDS): z.output<typeof devicesSchema> {
  const wanted = FAMILY_IDS.filter((family) => families.includes(family));
  return { time: snapshot.time, devices: wanted.flatMap((family) => devicesOf(family, snapshot)) };
}
