import { useEffect, useState } from 'react';
import type { HostInfo } from '../../../shared/host-info';
import { formatValue } from '../../../shared/units';
import { useApp, useLive } from '../../app/app-context';
import { formatMoment } from '../../lib/range';
import { RemotePowerSection } from './power-section';
import { PageHead } from '../../ui/page-head';
import { CopyButton } from '../../ui/copy-button';

/** Facts about the machine and the app, named, in groups. */
function groupsOf(host: HostInfo, here: boolean): readonly { readonly title: string; readonly facts: readonly (readonly [string, string])[] }[] {
  const unknown = 'unknown';
  return [
    {
      title: 'Machine',
      facts: [
        ['Hostname', host.hostname],
        ['Operating system', host.os],
        ['Kernel', host.kernel],
        ['Architecture', host.arch],
        ['Processor', host.cpuModel ?? unknown],
        ['Cores', String(host.cores)],
        ['Memory', formatValue(host.memoryTotal, 'bytes')],
        ['Started', host.bootTime === null ? unknown : formatMoment(host.bootTime)],
      ],
    },
    {
      title: 'Traywatch',
      facts: [
        ['Version', host.appVersion],
        ['Environment', host.environment],
        ['Started', formatMoment(host.startTime)],
        ['Runtime', host.runtime],
        // A path of that machine says nothing elsewhere, and is not told.
        ...(here ? [['Database', host.databasePath ?? 'none: nothing is kept'] as const] : []),
      ],
    },
  ];
}

/** The same as text, for a report. */
function toText(host: HostInfo, here: boolean): string {
  return groupsOf(host, here)
    .map(({ title, facts }) => [title, ...facts.map(([name, value]) => `  ${name}: ${value}`)].join('\n'))
    .join('\n\n');
}

/** Up for so long; the only fact here that moves. */
function Uptime({ bootTime }: { readonly bootTime: number | null }) {
  // Rounded to minutes, so that this page is still for as long.
  const minutes = useLive((state) => (bootTime === null || state.time === 0 ? null : Math.floor((state.time - bootTime) / 60_000)));
  return (
    <div>
      <dt>Uptime</dt>
      <dd>{minutes === null ? 'unknown' : formatUptime(minutes)}</dd>
    </div>
  );
}

function formatUptime(minutes: number): string {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  return `${days > 0 ? `${days} d ` : ''}${hours} h ${minutes % 60} min`;
}

/** What this machine is. */
export function SystemPage() {
  const { client, session } = useApp();
  const connection = useLive((state) => state.connection);
  const [host, setHost] = useState<HostInfo | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    // A new try when the connection is back.
    if (connection === 'lost') return undefined;
    let gone = false;
    void client.call('host', {}).then((answer) => {
      if (gone) return;
      setHost(answer.ok ? answer.value : null);
      setFailure(answer.ok ? null : answer.message);
    });
    return () => {
      gone = true;
    };
  }, [client, connection]);
  return (
    <div className="text-page">
      <PageHead title="Host">{host !== null && <CopyButton text={toText(host, session === null)} />}</PageHead>
      {failure !== null && (
        <p className="page-empty" role="alert">
          The facts could not be read: {failure}
        </p>
      )}
      {host !== null &&
        groupsOf(host, session === null).map(({ title, facts }, at) => (
          <section className="sheet" key={title}>
            <h2>{title}</h2>
            <dl className="sheet-facts">
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
      <RemotePowerSection />
    </div>
  );
}
