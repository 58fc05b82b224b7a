/** Readings made of stored values again: for a client that missed batches, and for the copy of another machine's history. */
import { familyOf, FAMILY_IDS, parseSeriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import type { DeviceReading, Reading, SampleBatch, Snapshot, Value } from '../../shared/metrics/reading';

interface DeviceDraft extends Omit<DeviceReading, 'values'> {
  readonly values: Record<string, Value>;
}

interface Draft {
  readonly values: Record<string, Value>;
  readonly devices: Record<string, DeviceDraft>;
}

function emptyValues(metrics: object): Record<string, Value> {
  return Object.fromEntries(Object.keys(metrics).map((name) => [name, null]));
}

/** Label and limits of a device are not stored; those it has now are used. */
function deviceDraft(family: FamilyId, id: string, now: Snapshot): DeviceDraft {
  const known = now.readings[family]?.devices[id];
  return { label: id, ...known, values: emptyValues(familyOf(family).device.metrics) };
}

/** The readings of one stored row; null for a metric that was not stored. Pure. */
export function readingsOf(values: Readonly<Record<SeriesKey, number>>, now: Snapshot): SampleBatch['readings'] {
  const drafts = new Map<FamilyId, Draft>();
  for (const [key, value] of Object.entries(values)) {
    const parsed = parseSeriesKey(key);
    if (parsed === null) continue;
    const { family, metric, device } = parsed;
    const draft = drafts.get(family) ?? { values: emptyValues(familyOf(family).metrics), devices: {} };
    drafts.set(family, draft);
    const target = device === null ? draft : (draft.devices[device] ??= deviceDraft(family, device, now));
    target.values[metric] = value;
  }
  const found = FAMILY_IDS.flatMap((id): [FamilyId, Reading][] => {
    const draft = drafts.get(id);
    return draft === undefined ? [] : [[id, draft]];
  });
  return Object.fromEntries(found);
}
