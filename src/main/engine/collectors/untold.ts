/** Families that a system tells no program: their values are null, and a note says so. */
import type { Collector } from './collector';
import { fansReading } from './fans';
import type { FansRaw } from './fans';
import { powerReading } from './power';
import type { PowerRaw } from './power';

/** Reads nothing. `note`: one sentence. */
export function untoldFans(note: string): Collector<'fans', FansRaw> {
  return { family: 'fans', read: () => ({ fans: [] }), toReading: (raw) => ({ ...fansReading(raw), note }) };
}

/** Reads nothing. `note`: one sentence. */
export function untoldPower(note: string): Collector<'power', PowerRaw> {
  return { family: 'power', read: () => ({ meters: [], note }), toReading: powerReading };
}
