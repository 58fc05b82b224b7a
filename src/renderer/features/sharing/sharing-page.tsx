import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp, useAppState } from '../../app/app-context';
import { LAN_STATE_LABELS } from './sharing-text';
import { AccountsSection } from './accounts-section';
import { PairedBrowsersSection } from './devices-section';
import { PairingSection } from './pairing-section';
import { RemotePowerSettingsSection, ServerSettingsSection } from './server-settings';
import { ServerSection } from './server-section';
import { TokensSection } from './tokens-section';
import { ConnectionsSection } from './connections-section';
import { PageHead } from '../../ui/page-head';
import { Banner } from '../../ui/banner';
import './sharing.css';

/** Sharing on the LAN: the switch, who is in, and how one gets in. The desktop's alone. */
export function SharingPage() {
  const { lan } = useApp();
  const settings = useAppState(({ state }) => state?.settings ?? null);
  const state = useStore(lan.store, ({ server }) => server?.state ?? null);
  const problem = useStore(lan.store, ({ access }) => access?.problem ?? null);
  useEffect(() => {
    void lan.load();
    return lan.followConnections();
  }, [lan]);
  if (settings === null) return <PageHead title="Sharing" />;
  return (
    <div className="text-page">
      <PageHead title="Sharing">
        {state !== null && (
          <output className="lan-word" data-state={state}>
            {LAN_STATE_LABELS[state]}
          </output>
        )}
      </PageHead>
      {problem !== null && (
        <div className="banners">
          <Banner tone="error" title="The list of who may watch has a problem.">
            {problem}
          </Banner>
        </div>
      )}
      <ServerSection settings={settings} />
      <PairingSection />
      <ConnectionsSection />
      <PairedBrowsersSection />
      <AccountsSection />
      <TokensSection />
      <ServerSettingsSection settings={settings} />
      <RemotePowerSettingsSection settings={settings} />
    </div>
  );
}
