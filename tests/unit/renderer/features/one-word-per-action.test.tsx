import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { AlertsPage } from '../../../../src/renderer/features/alerts/alerts-page';
import { ConnectionsSection } from '../../../../src/renderer/features/sharing/connections-section';
import { PairedBrowsersSection } from '../../../../src/renderer/features/sharing/paired-browsers-section';
import { TokensSection } from '../../../../src/renderer/features/sharing/tokens-section';
import { toTrayTexts } from '../../../../src/main/desktop/tray-model';
import type { Snooze } from '../../../../src/shared/alerts/snooze';
import { NOON } from '../../../support/alert-samples';
import { renderedHtml } from '../../../support/rendered';
import type { Shown } from '../../../support/rendered';

// The page's clock belongs to a browser.
vi.mock('../../../../src/renderer/ui/use-local-clock', () => ({ useLocalClock: () => NOON }));

const SRC = join(import.meta.dirname, '../../../../src');

const SHARING: Shown = {
  sharing: {
    server: { state: 'listening' } as never,
    access: {
      pairingCode: null,
      requests: [],
      devices: [{ id: 'd1', name: 'Phone', role: 'viewer', createdAt: NOON, lastSeen: NOON, lastAddress: '192.168.1.20', account: null }],
      accounts: [],
      tokens: [{ id: 't1', label: 'Grafana', scopes: ['read'], createdAt: NOON, expiresAt: NOON * 2, lastUsed: null }],
      problem: null,
    },
    connections: [{ id: 't1', kind: 'token', name: 'Grafana', role: 'viewer', account: null, addresses: ['192.168.1.9'], since: NOON, streams: 1, intervals: [5] }],
  },
};

const SNOOZE: Snooze = { target: { kind: 'all' }, label: 'Everything', since: NOON, until: null };

/** The texts of the buttons, in order. */
function buttonsOf(html: string): string[] {
  return [...html.matchAll(/<button[^>]*>(.*?)<\/button>/g)].map(([, text = '']) => text.replace(/<[^>]*>/g, '').trim());
}

describe('one word per action', () => {
  it('access is revoked, whether of a browser, a token or a connection', () => {
    for (const Section of [TokensSection, PairedBrowsersSection, ConnectionsSection]) {
      const buttons = buttonsOf(renderedHtml(<Section />, SHARING));
      expect(buttons).toContain('Revoke');
      expect(buttons).not.toContain('Remove');
    }
  });

  it('a snooze is ended, on the page and in the tray', () => {
    const buttons = buttonsOf(renderedHtml(<AlertsPage rule={undefined} />, { alerts: { incidents: [], snoozes: [SNOOZE] } }));
    expect(buttons.filter((text) => text === 'End snooze')).toHaveLength(2);
    expect(buttons).not.toContain('Resume');
    const { menu } = toTrayTexts({ time: 0, readings: {}, faults: {}, lastKnown: {}, paused: false, incidents: [], snoozedAll: true, sharing: false, update: null }, { hostname: 'box' });
    expect(menu).toContainEqual({ kind: 'unsnooze', text: 'End snooze' });
  });

  it('a confirmation is cancelled with Cancel, and no earlier text is left', () => {
    const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
    const former = /^\s*(Keep|End now)$|>(Keep|End now)<|Resume notifications|Stolen session/m;
    expect(sources.filter((name) => former.test(readFileSync(join(SRC, name), 'utf8')))).toEqual([]);
  });
});
