import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp, useAppState } from '../../app/app-context';
import { LAN_STATE_LABELS } from './sharing-text';
import { AccountsSheet } from './accounts-section';
import { DevicesSheet } from './devices-section';
import { PairingSheet } from './pairing-section';
import { ControlSheet, ServerSettingsSheet } from './server-settings';
import { ServerSheet } from './server-section';
import { TokensSheet } from './tokens-section';
import { ViewersSheet } from './connections-section';
import { PageHead } from '../../ui/page-head';
import { Banner } from '../../ui/banner';
import './sharing.css';

/** Sharing on the LAN: the switch, who is in, and how one gets in. The desktop's alone. */
export function LanPage() {
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
      <ServerSheet settings={settings} />
      <PairingSheet />
      <ViewersSheet />
      <DevicesSheet />
      <AccountsSheet />
      <TokensSheet />
      <ServerSettingsSheet settings={settings} />
      <ControlSheet settings={settings} />
    </div>
  );
}
