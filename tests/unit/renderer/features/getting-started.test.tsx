/** The card of the first start, and who sees it. */
import { describe, expect, it, vi } from 'vitest';
import { GettingStarted } from '../../../../src/renderer/features/overview/getting-started';
import { IconStep } from '../../../../src/renderer/features/overview/getting-started-steps';
import { OverviewPage } from '../../../../src/renderer/features/overview/overview-page';
import { SettingsPage } from '../../../../src/renderer/features/settings/settings-page';
import type { Session } from '../../../../src/renderer/app/app-types';
import { GETTING_STARTED_STEPS } from '../../../../src/shared/settings/getting-started';
import { renderedHtml, renderedText } from '../../../support/rendered';
import type { Shown } from '../../../support/rendered';

const namesOf = (html: string): string[] => [...html.matchAll(/<button[^>]*?aria-label="([^"]*)"/g)].map(([, name = '']) => name);

describe('the card of the first start', () => {
  it('has three steps, each of which can be done with, and can be hidden as a whole', () => {
    const html = renderedHtml(<GettingStarted steps={GETTING_STARTED_STEPS} />);
    expect([...html.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title)).toEqual(['Find the icon', 'Try a notification', 'Start at login']);
    expect(namesOf(html)).toEqual(['Hide getting started', 'Done: Find the icon', 'Done: Try a notification', 'Done: Start at login']);
    expect(html).toMatch(/role="switch"[^>]*aria-label="Start at login"/);
    expect(html).toContain('Send a test notification');
  });

  it('has the steps that are left, in their order', () => {
    expect(namesOf(renderedHtml(<GettingStarted steps={['autostart', 'icon']} />))).toEqual(['Hide getting started', 'Done: Find the icon', 'Done: Start at login']);
  });

  it('says where the icon is, or what brings one', () => {
    const textOf = (tray: Parameters<typeof IconStep>[0]['tray']): string => renderedText(<IconStep tray={tray} onDone={() => undefined} />);
    expect(textOf(null)).toContain('Looking for the tray');
    expect(textOf({ state: 'present', desktop: 'gnome' })).toContain('The icon is at the right end of the top bar. It stays there when you close this window.');
    expect(textOf({ state: 'missing', desktop: 'gnome' })).toContain('install the package gnome-shell-extension-appindicator');
  });
});

describe('the Overview', () => {
  /** Rendered once the card is loaded, where it is. */
  const shows = async (shown: Shown): Promise<boolean> => {
    renderedHtml(<OverviewPage />, shown);
    await vi.dynamicImportSettled();
    return renderedHtml(<OverviewPage />, shown).includes('Getting started');
  };
  const session: Session = { name: 'Phone', role: 'admin', capabilities: ['updateSettings', 'snapshot'], account: null, signOut: () => Promise.resolve(), changePassword: () => Promise.resolve(null) };

  it('has the card while a step is left, at the machine itself', async () => {
    expect(await shows({ settings: { gettingStarted: ['icon'] } })).toBe(true);
    expect(await shows({})).toBe(false);
    expect(await shows({ settings: { gettingStarted: ['icon'] }, session })).toBe(false);
  });

  it('gets the card back by a button in the settings, which a browser has not', () => {
    expect(renderedText(<SettingsPage />)).toContain('Show getting started again');
    expect(renderedText(<SettingsPage />, { session })).not.toContain('Show getting started again');
  });
});
