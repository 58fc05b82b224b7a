/**
 * The System page: facts about the machine and about Traywatch, diagnostics, and remote restart for administrators.
 *
 * May import app/, charts/, ui/, data/, lib/ and theme/ of the renderer and src/shared. Imports no other feature; only the
 * frame imports this file. The banner of a remote restart (power-banner.tsx) is shown over every page.
 */
import { useEffect, useState } from 'react';
import type { HostInfo } from '../../../shared/host-info';
import { SANDBOX_LABELS } from '../../../shared/sandbox';
import type { SandboxState } from '../../../shared/sandbox';
import { formatValue } from '../../../shared/units';
import { useApp, useLive } from '../../app/app-context';
import { AsOf, useStaleness } from '../../app/staleness';
import { formatDateTime } from '../../lib/range';
import { DiagnosticsSection } from './diagnostics-section';
import { RemotePowerSection } from './power-section';
import { PageHead } from '../../ui/page-head';
import { CopyButton } from '../../ui/copy-button';

/** Facts about the machine and the app in titled groups. `isLocal` is false in a browser, which gets no paths of the machine, nor the state of the sandbox. */
function groupsOf(host: HostInfo, isLocal: boolean, sandbox: SandboxState | null): readonly { readonly title: string; readonly facts: readonly (readonly [string, string])[] }[] {
  const unknown = 'unknown';
  return [
    {
      title: 'Machine',
      facts: [
        ['Hostname', host.hostname],
        ['Model', host.model ?? unknown],
        ['Operating system', host.os],
        ['Kernel', host.kernel],
        ['Architecture', host.arch],
        ['Processor', host.cpuModel ?? unknown],
        ['Cores', String(host.cores)],
        ['Memory', formatValue(host.memoryTotal, 'bytes')],
        ['Boot time', host.bootTime === null ? unknown : formatDateTime(host.bootTime)],
      ],
    },
    {
      title: 'Traywatch',
      facts: [
        ['Version', host.appVersion],
        ['Environment', host.environment],
        ['App started', formatDateTime(host.startTime)],
        ['Runtime', host.runtime],
        ...(sandbox === null ? [] : [['Sandbox', SANDBOX_LABELS[sandbox]] as const]),
        ...(isLocal ? [['Database', host.databasePath ?? 'In memory only'] as const] : []),
      ],
    },
  ];
}

/** The same facts as plain text, to copy into a report. */
function toPlainText(host: HostInfo, isLocal: boolean, sandbox: SandboxState | null): string {
  return groupsOf(host, isLocal, sandbox)
    .map(({ title, facts }) => [title, ...facts.map(([name, value]) => `  ${name}: ${value}`)].join('\n'))
    .join('\n\n');
}

/** Time since boot. */
function Uptime({ bootTime }: { readonly bootTime: number | null }) {
  // Whole minutes, so that it is rendered once a minute and not with each batch.
  const minutes = useLive((state) => (bootTime === null || state.time === 0 ? null : Math.floor((state.time - bootTime) / 60_000)));
  const stale = useStaleness();
  return (
    <div>
      <dt>Uptime</dt>
      <dd data-stale={stale?.reason}>
        {minutes === null ? 'unknown' : formatUptime(minutes)} {stale !== null && <AsOf at={stale.asOf} />}
      </dd>
    </div>
  );
}

function formatUptime(minutes: number): string {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  return `${days > 0 ? `${days} d ` : ''}${hours} h ${minutes % 60} min`;
}

/** State of the sandbox; null in a browser, and until it is known. */
function useSandbox(): SandboxState | null {
  const { client, can } = useApp();
  const [state, setState] = useState<SandboxState | null>(null);
  const isLocal = can('sandbox');
  useEffect(() => {
    if (isLocal) void client.call('sandbox', {}).then((response) => response.ok && setState(response.value.state));
  }, [client, isLocal]);
  return state;
}

/** The System page. */
export function SystemPage() {
  const { client, session } = useApp();
  const connection = useLive((state) => state.connection);
  const sandbox = useSandbox();
  const [host, setHost] = useState<HostInfo | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    // Loaded again when the connection is back.
    if (connection === 'lost') return undefined;
    let stopped = false;
    void client.call('host', {}).then((response) => {
      if (stopped) return;
      // What is known of the machine does not change while it cannot be reached.
      if (response.ok) setHost(response.value);
      setFailure(response.ok ? null : response.message);
    });
    return () => {
      stopped = true;
    };
  }, [client, connection]);
  return (
    <div className="text-page">
      <PageHead title="System">{host !== null && <CopyButton text={toPlainText(host, session === null, sandbox)} />}</PageHead>
      {failure !== null && (
        <p className="page-empty" role="alert">
          Couldn’t load system information: {failure}
        </p>
      )}
      {host === null && failure === null && <p className="page-empty">Loading…</p>}
      {host !== null &&
        groupsOf(host, session === null, sandbox).map(({ title, facts }, at) => (
          <section className="section" key={title}>
            <h2>{title}</h2>
            <dl className="section-facts">
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
              {at === 0 && <Uptime bootTime={host.bootTime} />}
            </dl>
          </section>
        ))}
      <DiagnosticsSection />
      <RemotePowerSection />
    </div>
  );
}
