/** Icons, labels and badges of severities. */
import { memo } from 'react';
import type { Severity } from '../../shared/metrics/severity';

/** Labels of severities. */
export const SEVERITY_LABELS: Readonly<Record<Severity, string>> = {
  healthy: 'Healthy',
  warning: 'Warning',
  critical: 'Critical',
  unknown: 'No data',
};

function Shape({ severity }: { readonly severity: Severity }) {
  if (severity === 'healthy') return <circle cx="6" cy="6" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />;
  if (severity === 'warning') return <path d="M6 1.2 11.3 10.6H.7Z" fill="currentColor" />;
  if (severity === 'critical') return <path d="M3.6.5h4.8l3.1 3.1v4.8l-3.1 3.1H3.6L.5 8.4V3.6Z" fill="currentColor" />;
  return <path d="M3 6h6" stroke="currentColor" strokeWidth="1.5" />;
}

/** Icon of a severity: ring, triangle, octagon or dash, distinguishable without color. */
export const SeverityIcon = memo(function SeverityIcon({ severity }: { readonly severity: Severity }) {
  return (
    <svg className="severity-icon" data-severity={severity} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <Shape severity={severity} />
    </svg>
  );
});

/** Icon and label of a severity. */
export const Badge = memo(function Badge({ severity }: { readonly severity: Severity }) {
  return (
    <span className="badge" data-severity={severity}>
      <SeverityIcon severity={severity} />
      {SEVERITY_LABELS[severity]}
    </span>
  );
});
