/** What one probe found: in words, its phases as bars, and what came back line by line. */
import type { ProbeResult } from '../../../shared/services/service-schemas';
import { FAULT_TEXTS } from '../../../shared/services/service-text';
import { formatValue } from '../../../shared/units';
import { SeverityIcon } from '../../ui/severity-icon';
import './probe-result.css';

const PHASES = [
  ['dns', 'DNS'],
  ['connect', 'Connect'],
  ['tls', 'TLS'],
  ['firstByte', 'First byte'],
] as const;

/** A phase of a probe: when it began after the start, and how long it took, ms. */
export interface Phase {
  readonly label: string;
  readonly start: number;
  readonly length: number;
}

/** The phases that a probe had, one after the other. */
export function phasesOf(result: Pick<ProbeResult, 'dns' | 'connect' | 'tls' | 'firstByte'>): readonly Phase[] {
  const phases: Phase[] = [];
  let start = 0;
  for (const [name, label] of PHASES) {
    const length = result[name];
    if (length === null) continue;
    phases.push({ label, start, length });
    start += length;
  }
  return phases;
}

/** Bars below each other, on one scale. */
function Phases({ phases }: { readonly phases: readonly Phase[] }) {
  const total = phases.reduce((sum, { length }) => sum + length, 0);
  if (total <= 0) return null;
  const share = (ms: number): string => `${(ms / total) * 100}%`;
  return (
    <dl className="phases">
      {phases.map(({ label, start, length }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <span className="phase-track" aria-hidden="true">
              <span className="phase-bar" style={{ marginLeft: share(start), width: share(length) }} />
            </span>
            <span className="phase-time">{formatValue(length, 'milliseconds')}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** "Answered in 12 ms", "No answer in time". */
function resultTitle({ ok, fault, latency }: Pick<ProbeResult, 'ok' | 'fault' | 'latency'>): string {
  if (!ok) return FAULT_TEXTS[fault ?? 'other'].replace(/^./, (first) => first.toUpperCase());
  return latency === null ? 'All right' : `Answered in ${formatValue(latency, 'milliseconds')}`;
}

/** What came back, without the words that the title says already. */
function textBeside(title: string, text: string): string {
  return text.toLowerCase().startsWith(title.toLowerCase()) ? text.slice(title.length).trim() : text;
}

const NUMBERS = [
  ['certificateDays', 'Certificate valid for', 'days'],
  ['connections', 'Connections', 'count'],
  ['connectionsMax', 'Maximum', 'count'],
  ['connectionsActive', 'Active', 'count'],
  ['connectionsIdleInTransaction', 'Idle in transaction', 'count'],
  ['replicationLagSeconds', 'Replication lag', 'seconds'],
] as const;

function Numbers({ result }: { readonly result: ProbeResult }) {
  const known = NUMBERS.filter(([name]) => result[name] !== null);
  if (known.length === 0) return null;
  return (
    <dl className="probe-numbers">
      {known.map(([name, label, unit]) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd>{formatValue(result[name], unit)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** All of a result. */
export function ProbeResultView({ result }: { readonly result: ProbeResult }) {
  const title = resultTitle(result);
  return (
    <div className="probe-result" data-ok={result.ok}>
      <p className="probe-title">
        <SeverityIcon severity={result.ok ? 'healthy' : 'critical'} />
        <output>
          <strong>{title}</strong> <span className="quiet">{textBeside(title, result.text)}</span>
        </output>
      </p>
      <Phases phases={phasesOf(result)} />
      <Numbers result={result} />
      {result.details.length > 0 && <pre className="probe-details">{result.details.join('\n')}</pre>}
    </div>
  );
}
