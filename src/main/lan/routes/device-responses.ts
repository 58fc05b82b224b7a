/** Query and response of the resource of measured devices, derived from the metric descriptors. Pure. */
import * as z from 'zod';
import { levelOf } from '../../../shared/alerts/level';
import { deviceHealth } from '../../../shared/alerts/severity';
import type { OpenIncident } from '../../../shared/alerts/severity';
import { levelSchema, severitySchema } from '../../../shared/alerts/severity-schemas';
import { counterStartSchema, deviceStateSchema, familyIdSchema } from '../../../shared/api/schemas';
import type { FamilyDescriptor } from '../../../shared/metrics/define';
import { FAMILY_IDS, familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Snapshot } from '../../../shared/metrics/reading';
import { listSchema } from './resource';

const value = z.number().nullable();

/** The families whose devices are returned; all by default. */
export const devicesParams = z.strictObject({
  family: listSchema
    .pipe(z.array(familyIdSchema).min(1).max(50))
    .optional()
    .meta({ description: `One or more of ${FAMILY_IDS.join(', ')}, comma-separated; default: all.` }),
});

/** Every known device of the machine: its description, its headline and all of its values. */
export const devicesSchema = z.strictObject({
  time: z.number(),
  devices: z.array(
    z.strictObject({
      family: familyIdSchema,
      /** For the parameter `device` of history and statistics. */
      id: z.string(),
      label: z.string(),
      /** Kind of device: Mount, Core, Interface … */
      kind: z.string(),
      /** Short description: file system and source, model, address; null where there is none. */
      detail: z.string().nullable(),
      /** The headline metric, with its unit and value. */
      metric: z.string(),
      unit: z.string(),
      value,
      severity: severitySchema,
      level: levelSchema,
      values: z.record(z.string(), value),
      limits: z.strictObject({ warning: z.number(), critical: z.number() }).nullable(),
      /** What state it is in, where its values alone do not say it. */
      state: deviceStateSchema.exactOptional(),
      /** When its counters began, if later than the machine: they were reset, or it was connected. */
      since: counterStartSchema.exactOptional(),
      /** When it was read, epoch milliseconds. */
      time: z.number(),
    }),
  ),
});

/** The headline metric of a family's devices: the one of its card, or the first. */
function headlineOf({ card, device }: FamilyDescriptor): string {
  return card?.device ?? Object.keys(device.metrics)[0] ?? '';
}

function devicesOf(family: FamilyId, snapshot: Snapshot, open: readonly OpenIncident[]): z.output<typeof devicesSchema>['devices'] {
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
    severity: snapshot.paused ? 'unknown' : deviceHealth(family, id, device, open).severity,
    level: levelOf(seriesKey(family, metric, id), device.values[metric] ?? null),
    values: { ...device.values },
    limits: device.limits === undefined ? null : { ...device.limits },
    ...(device.state === undefined ? {} : { state: { ...device.state } }),
    ...(device.since === undefined ? {} : { since: { ...device.since } }),
    time: snapshot.readAt[family] ?? snapshot.time,
  }));
}

/** The devices of the families, in the families' order. */
export function devicesResponse(snapshot: Snapshot, open: readonly OpenIncident[], families: readonly FamilyId[] = FAMILY_IDS): z.output<typeof devicesSchema> {
  const requested = FAMILY_IDS.filter((family) => families.includes(family));
  return { time: snapshot.time, devices: requested.flatMap((family) => devicesOf(family, snapshot, open)) };
}
