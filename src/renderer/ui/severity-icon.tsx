/** Icons, labels and badges of severities. */
import { memo } from 'react';
import type { Health } from '../../shared/alerts/severity';
import { isRaised } from '../../shared/metrics/severity';
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

/** Icon of a severity: ring, triangle, octagon or dash, distinguishable without color. Without color where it is quiet. */
export const SeverityIcon = memo(function SeverityIcon({ severity, quiet = false }: { readonly severity: Severity; readonly quiet?: boolean }) {
  return (
    <svg className="severity-icon" data-severity={severity} data-quiet={quiet} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <Shape severity={severity} />
    </svg>
  );
});

/** True where alerts are open and every one is acknowledged: the word stays, the mark has no color. */
function isQuiet({ severity, mark }: Health): boolean {
  return isRaised(severity) && !isRaised(mark);
}

/** "Critical", or "Critical, acknowledged" where no alert of that severity asks for attention any more. */
export function healthText({ severity, mark }: Health): string {
  return `${SEVERITY_LABELS[severity]}${isRaised(severity) && mark !== severity ? ', acknowledged' : ''}`;
}

/** The mark of a health: that of the alerts that are not acknowledged; quiet where all are. */
export const HealthIcon = memo(function HealthIcon({ health }: { readonly health: Health }) {
  const quiet = isQuiet(health);
  return <SeverityIcon severity={quiet ? health.severity : health.mark} quiet={quiet} />;
});

interface HealthBadgeProps {
  readonly health: Health;
  /** The word alone, where what is acknowledged is said beside it. */
  readonly brief?: boolean;
}

/** Mark and word of a health. */
export const HealthBadge = memo(function HealthBadge({ health, brief = false }: HealthBadgeProps) {
  return (
    <span className="badge" data-severity={health.mark}>
      <HealthIcon health={health} />
      {brief ? SEVERITY_LABELS[health.severity] : healthText(health)}
    </span>
  );
});
