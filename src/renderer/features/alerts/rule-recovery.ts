/** The recovery value of a level or a guard in the rule editor: it follows the threshold until it is typed. Pure. */
import type { ThresholdUnit } from './threshold-units';

/**
 * Where a recovery value comes from. typed: the user. threshold: a stored rule without one, which ends at its threshold.
 * follows: it is computed from the threshold, at the distance it was stored with, or at a usual one (`distance` null).
 */
export type Recovery = { readonly kind: 'typed' } | { readonly kind: 'threshold' } | { readonly kind: 'follows'; readonly distance: number | null };

/** A recovery value at the usual distance from its threshold. */
export const USUAL: Recovery = { kind: 'follows', distance: null };

/** The fields of a level or a guard that depend on each other, as typed. */
export interface RecoveryFields {
  readonly threshold: string;
  readonly recoverAt: string;
  readonly recovery: Recovery;
}

type Direction = 'above' | 'below';

/** Largest usual distance, in the typed unit, where a tenth of the threshold would be too much. */
const MAX_PERCENT = 5;
const CELSIUS = 5;
/** Smallest usual distance of a recovery value that is above its threshold, in the typed unit: a tenth of 0 is none. */
const LEAST_ABOVE = 0.1;

const FIGURES = 6;
const toText = (value: number): string => String(Number(value.toPrecision(FIGURES)));
const parse = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')));

/** A tenth of the threshold, a few points at most; so a higher threshold never has a lower recovery value. */
function usualDistance(threshold: number, { name, isWhole }: ThresholdUnit): number {
  if (name === '°C') return CELSIUS;
  const tenth = Math.abs(threshold) / 10;
  if (name === '%') return Math.min(MAX_PERCENT, tenth);
  return isWhole === true ? Math.max(1, Math.round(tenth)) : tenth;
}

/** Whether the metric can have this value: only temperatures are below 0, and no share is above 100 %. */
function isPossible(value: number, { name }: ThresholdUnit): boolean {
  return (name === '°C' || value >= 0) && (name !== '%' || value <= 100);
}

/** The recovery value for a threshold; empty where there is none on the other side of it that the metric can have. */
export function followingRecovery(text: string, distance: number | null, direction: Direction, unit: ThresholdUnit): string {
  const threshold = parse(text);
  if (!Number.isFinite(threshold)) return '';
  const sign = direction === 'above' ? -1 : 1;
  const stored = distance === null ? Number.NaN : threshold + sign * distance;
  if (distance !== null && distance > 0 && isPossible(stored, unit)) return toText(stored);
  const step = usualDistance(threshold, unit);
  const usual = threshold + sign * (direction === 'below' ? Math.max(step, LEAST_ABOVE) : step);
  // Close to the end of the scale the end itself is far enough.
  const value = unit.name === '%' ? Math.min(100, usual) : usual;
  const rounded = unit.name === '%' && threshold >= 20 ? Math.floor(value) : value;
  return isPossible(rounded, unit) && (direction === 'above' ? rounded < threshold : rounded > threshold) ? toText(rounded) : '';
}

/** How the recovery value of a stored level behaves: it keeps its distance. */
export function storedRecovery(threshold: number | null, recoverAt: number | null, { factor }: ThresholdUnit): Recovery {
  if (recoverAt === null) return { kind: 'threshold' };
  return threshold === null ? USUAL : { kind: 'follows', distance: Math.abs(threshold - recoverAt) / factor };
}

/** The fields after the threshold was edited. */
export function withThreshold<F extends RecoveryFields>(fields: F, threshold: string, direction: Direction, unit: ThresholdUnit): F {
  const { recovery } = fields;
  if (recovery.kind === 'typed') return { ...fields, threshold };
  const distance = recovery.kind === 'follows' ? recovery.distance : null;
  return { ...fields, threshold, recovery: { kind: 'follows', distance }, recoverAt: followingRecovery(threshold, distance, direction, unit) };
}

/** The fields after the recovery value was edited. An empty one follows the threshold again. */
export function withRecoverAt<F extends RecoveryFields>(fields: F, recoverAt: string): F {
  return { ...fields, recoverAt, recovery: recoverAt.trim() === '' ? USUAL : { kind: 'typed' } };
}

/** The fields after the direction was changed: a recovery value that was not typed changes its side. */
export function withDirection<F extends RecoveryFields>(fields: F, direction: Direction, unit: ThresholdUnit): F {
  return fields.recovery.kind === 'follows' ? withThreshold(fields, fields.threshold, direction, unit) : fields;
}

/** The recovery value that counts: of an empty field that follows, the one its placeholder shows. */
export function recoverAtOf({ threshold, recoverAt, recovery }: RecoveryFields, direction: Direction, unit: ThresholdUnit): string {
  return recoverAt.trim() === '' && recovery.kind === 'follows' ? followingRecovery(threshold, recovery.distance, direction, unit) : recoverAt;
}
