/** The gauge of a card. */
import { memo } from 'react';
import type { RuleThreshold } from '../../../shared/alerts/severity';
import type { Severity } from '../../../shared/metrics/severity';

const CENTER = 50;
const RADIUS = 42;
/** Angle of the arc, degrees: it begins and ends 120° from the top. */
const SWEEP = 240;

/** Coordinates on the arc at a percentage. */
function arcPoint(percent: number, radius: number): readonly [number, number] {
  const angle = ((percent / 100) * SWEEP - SWEEP / 2 - 90) * (Math.PI / 180);
  return [CENTER + radius * Math.cos(angle), CENTER + radius * Math.sin(angle)];
}

const toCoordinates = ([x, y]: readonly [number, number]): string => `${x.toFixed(2)} ${y.toFixed(2)}`;

const TRACK = `M${toCoordinates(arcPoint(0, RADIUS))}A${RADIUS} ${RADIUS} 0 1 1 ${toCoordinates(arcPoint(100, RADIUS))}`;

function ThresholdTick({ at }: { readonly at: number }) {
  return <path className="arc-tick" d={`M${toCoordinates(arcPoint(at, RADIUS - 4))}L${toCoordinates(arcPoint(at, RADIUS + 4))}`} />;
}

/** Where the ticks are, percent. */
function ticksOf(thresholds: readonly RuleThreshold[]): readonly number[] {
  return [...new Set(thresholds.map(({ at }) => at))].filter((at) => at >= 0 && at <= 100);
}

/** `value` in percent. */
interface GaugeArcProps {
  readonly value: number | null;
  /** Colors the value. */
  readonly mark: Severity;
  /** Of the rules on this value; one beyond the scale has no tick. */
  readonly thresholds: readonly RuleThreshold[];
}

/** A percentage on an arc, with a gap at each threshold. Hidden from assistive technology: the number is beside it as text. */
export const GaugeArc = memo(function GaugeArc({ value, mark, thresholds }: GaugeArcProps) {
  const percent = Math.min(100, Math.max(0, value ?? 0));
  return (
    <svg className="arc" viewBox="0 0 100 80" data-severity={mark} aria-hidden="true">
      <path className="arc-track" d={TRACK} />
      {percent > 0 && <path className="arc-value" d={TRACK} pathLength={100} strokeDasharray={`${percent} 200`} />}
      {ticksOf(thresholds).map((at) => (
        <ThresholdTick key={at} at={at} />
      ))}
    </svg>
  );
});
