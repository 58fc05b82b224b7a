import { memo } from 'react';
import type { Thresholds } from '../../../shared/metrics/define';
import type { Severity } from '../../../shared/metrics/severity';

const CENTER = 50;
const RADIUS = 42;
/** The arc begins and ends 120° either side of the top. */
const SWEEP = 240;

/** A point of the arc at a share of 0–100. */
function pointAt(share: number, radius: number): readonly [number, number] {
  const angle = ((share / 100) * SWEEP - SWEEP / 2 - 90) * (Math.PI / 180);
  return [CENTER + radius * Math.cos(angle), CENTER + radius * Math.sin(angle)];
}

const place = ([x, y]: readonly [number, number]): string => `${x.toFixed(2)} ${y.toFixed(2)}`;

const TRACK = `M${place(pointAt(0, RADIUS))}A${RADIUS} ${RADIUS} 0 1 1 ${place(pointAt(100, RADIUS))}`;

function Tick({ at }: { readonly at: number }) {
  return <path className="arc-tick" d={`M${place(pointAt(at, RADIUS - 4))}L${place(pointAt(at, RADIUS + 4))}`} />;
}

/** What an arc shows; `value` in percent. */
interface GaugeArcProps {
  readonly value: number | null;
  readonly severity: Severity;
  readonly thresholds?: Thresholds | undefined;
}

/** A gauge: a share of a whole on an arc, with a cut at each threshold. The number itself stands beside it. */
export const GaugeArc = memo(function GaugeArc({ value, severity, thresholds }: GaugeArcProps) {
  const share = Math.min(100, Math.max(0, value ?? 0));
  return (
    <svg className="arc" viewBox="0 0 100 80" data-severity={severity} aria-hidden="true">
      <path className="arc-track" d={TRACK} />
      {share > 0 && <path className="arc-value" d={TRACK} pathLength={100} strokeDasharray={`${share} 200`} />}
      {thresholds !== undefined && (
        <>
          <Tick at={thresholds.warning} />
          <Tick at={thresholds.critical} />
        </>
      )}
    </svg>
  );
});
