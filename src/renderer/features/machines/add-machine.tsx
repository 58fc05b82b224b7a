/** How another machine is made to report here: a code, the command to run there, and the fingerprint to compare. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PairingCode } from '../../../shared/sharing/access-schemas';
import type { LanState } from '../../../shared/sharing/lan-state';
import { useApp, useAppState, useCan } from '../../app/app-context';
import { SwitchSetting } from '../../app/setting-inputs';
import { formatCountdown } from '../../lib/age';
import { formatRoute } from '../../lib/route';
import { CopyButton } from '../../ui/copy-button';
import { FailureText } from '../../ui/failure-text';
import { PageHead } from '../../ui/page-head';
import { useLocalClock } from '../../ui/use-local-clock';
import { joinCommand } from './machine-text';

type Listening = Extract<LanState, { readonly state: 'listening' }>;

/** A text to copy, with what it is. */
function Copied({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <p className="join-command">
      <code>{text}</code>
      <CopyButton text={text} name={name} />
    </p>
  );
}

/** Where the machine finds this one: its first address, or another one that it has. */
function AddressField({ urls, url, onChoose }: { readonly urls: readonly string[]; readonly url: string; readonly onChoose: (url: string) => void }) {
  if (urls.length < 2) return null;
  return (
    <label className="join-address">
      Address of this machine
      <select value={url} onChange={({ target }) => onChoose(target.value)}>
        {urls.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function Steps({ server, pairing }: { readonly server: Listening; readonly pairing: PairingCode }) {
  const now = useLocalClock(true);
  const [chosen, setChosen] = useState<string | null>(null);
  const url = server.urls.find((one) => one === chosen) ?? server.urls[0];
  if (url === undefined) return <p className="page-empty">This machine has no address that others could reach.</p>;
  return (
    <ol className="join-steps">
      <li>
        <p>On a server, run as the user who should watch it:</p>
        <Copied text={joinCommand(url, pairing.code)} name="Copy the command" />
        <p>
          On a desktop, open <strong>Settings → Report to another Traywatch</strong> there and enter the address <code>{url.replace(/\/$/, '')}</code> and the code <code>{pairing.code}</code>.
        </p>
        <AddressField urls={server.urls} url={url} onChoose={setChosen} />
      </li>
      <li>
        <p>It shows this fingerprint. If it shows another one, something between both answers in place of this machine: do not go on.</p>
        {server.certificate !== null && <code className="fingerprint">{server.certificate.fingerprint}</code>}
      </li>
      <li>
        <p>It then asks for access: a message on top of this page names it. Approve it there.</p>
      </li>
      <li className="join-expiry quiet" aria-live="off">
        {pairing.triesLeft > 0 ? `The code is for one machine and expires in ${formatCountdown(pairing.expiresAt - now)}.` : 'Too many wrong attempts. Create a new code.'}
      </li>
    </ol>
  );
}

/** What is missing before a machine could report here; null for nothing. */
function obstacleOf(server: LanState | null): string | null {
  if (server === null || server.state === 'starting') return 'Sharing starts…';
  if (server.state !== 'listening') return 'Machines report over Sharing, which does not run. Its page says why.';
  return server.certificate === null ? 'Machines report encrypted only. Choose a certificate on the Sharing page.' : null;
}

function Joining() {
  const { sharing } = useApp();
  const server = useStore(sharing.store, (slice) => slice.server);
  const pairing = useStore(sharing.store, ({ access }) => access?.pairingCode ?? null);
  const [failure, setFailure] = useState<string | null>(null);
  const obstacle = obstacleOf(server);
  if (obstacle !== null) {
    return (
      <p className="section-empty">
        {obstacle} {server !== null && server.state !== 'starting' && <a href={formatRoute({ page: 'sharing' })}>Sharing</a>}
      </p>
    );
  }
  const create = (): void => void sharing.run('lanPairingStart', {}).then(setFailure);
  return (
    <div className="join">
      {pairing !== null && server?.state === 'listening' && <Steps server={server} pairing={pairing} />}
      <FailureText text={failure} />
      <p className="field-buttons">
        <button type="button" className={pairing === null ? 'strong' : ''} onClick={create}>
          {pairing === null ? 'Create pairing code' : 'New code'}
        </button>
        {pairing !== null && (
          <button type="button" onClick={() => void sharing.run('lanPairingCancel', {}).then(setFailure)}>
            Cancel
          </button>
        )}
      </p>
    </div>
  );
}

/** The page, at the machine itself alone. */
export function AddMachine() {
  const { sharing } = useApp();
  const can = useCan('lanPairingStart');
  const enabled = useAppState(({ state }) => state?.settings.lan.enabled ?? null);
  useEffect(() => {
    if (can) void sharing.load();
  }, [sharing, can]);
  return (
    <div className="text-page">
      <a className="machine-back" href={formatRoute({ page: 'machines' })}>
        All machines
      </a>
      <PageHead title="Add machine" />
      {!can && <p className="page-empty">Machines are added in Traywatch on the machine that they shall report to.</p>}
      {can && enabled !== null && (
        <section className="section" aria-label="Add machine">
          {!enabled && (
            <SwitchSetting
              label="Share on the local network"
              help="Machines report to this one over the network, and browsers may ask to see it. You approve each here."
              checked={enabled}
              toPatch={(on) => ({ lan: { enabled: on } })}
            />
          )}
          {enabled && <Joining />}
        </section>
      )}
    </div>
  );
}
