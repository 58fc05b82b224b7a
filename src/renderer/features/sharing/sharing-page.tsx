/**
 * The Sharing page: the server, pairing, browsers with access, accounts and API tokens. It exists only in Traywatch's own
 * window, whose calls it uses. This folder also has the banners of access requests and the QR code, which alone uses uqr.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx imports the
 * page, lazily, and banners.tsx the banners; charts, ui, data, lib, theme and worker must not.
 */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp, useAppState } from '../../app/app-context';
import { LAN_STATE_LABELS } from './sharing-text';
import { AccountsSection } from './accounts-section';
import { PairedBrowsersSection } from './paired-browsers-section';
import { PairingSection } from './pairing-section';
import { RemotePowerSettingsSection, ServerSettingsSection } from './server-settings';
import { ServerSection } from './server-section';
import { TokensSection } from './tokens-section';
import { MachinesSection } from './machines-section';
import { ConnectionsSection } from './connections-section';
import { PageHead } from '../../ui/page-head';
import { Banner } from '../../ui/banner';
import './sharing-rows.css';
import './sharing.css';

/** The page: all sections in order of use. */
export function SharingPage() {
  const { sharing } = useApp();
  const settings = useAppState(({ state }) => state?.settings ?? null);
  const state = useStore(sharing.store, ({ server }) => server?.state ?? null);
  const problem = useStore(sharing.store, ({ access }) => access?.problem ?? null);
  useEffect(() => {
    void sharing.load();
    return sharing.followConnections();
  }, [sharing]);
  if (settings === null) return <PageHead title="Sharing" />;
  return (
    <div className="text-page">
      <PageHead title="Sharing">
        {state !== null && (
          <output className="lan-status" data-state={state}>
            {LAN_STATE_LABELS[state]}
          </output>
        )}
      </PageHead>
      {problem !== null && (
        <div className="banners">
          <Banner tone="error" title="Access list problem">
            {problem}
          </Banner>
        </div>
      )}
      <ServerSection settings={settings} />
      <PairingSection />
      <ConnectionsSection />
      <PairedBrowsersSection />
      <MachinesSection />
      <AccountsSection />
      <TokensSection />
      <ServerSettingsSection settings={settings} />
      <RemotePowerSettingsSection settings={settings} />
    </div>
  );
}
