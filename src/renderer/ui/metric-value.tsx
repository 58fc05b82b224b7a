/** A value of a metric: a number with its unit, or the word for it where each of its values is a state. */
import type { MetricDescriptor } from '../../shared/metrics/define';
import type { Severity } from '../../shared/metrics/severity';
import { Value } from './value';

interface MetricValueProps {
  readonly metric: MetricDescriptor;
  readonly value: number | null | undefined;
  readonly severity?: Severity;
  readonly unitWidth?: number;
  readonly pending?: boolean;
}

/** Shows a value. The mean of states is between them and stays a number. */
export function MetricValue({ metric, value, ...shown }: MetricValueProps) {
  const word = value === null || value === undefined ? undefined : metric.words?.[value];
  return word === undefined ? <Value value={value} unit={metric.unit} {...shown} /> : <>{word}</>;
}
