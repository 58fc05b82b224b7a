/** Components of the window as text: rendered once, without a browser, over state that a test gives. */
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createStore } from 'zustand/vanilla';
import { AppContext } from '../../src/renderer/app/app-context';
import type { App, Session } from '../../src/renderer/app/app-types';
import type { AlertsSlice } from '../../src/renderer/app/alerts-controller';
import type { LiveState } from '../../src/renderer/app/live';
import { createApp } from '../../src/renderer/create-app';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { createClient } from '../../src/shared/api/client';
import type { AppState } from '../../src/shared/api/contract';
import { DEFAULT_SETTINGS } from '../../src/shared/settings/settings-schema';
import { createManualTimers } from './timers';

/** What a component is shown over; the rest is as at the start of the app. */
export interface Shown {
  readonly paused?: boolean;
  /** The active rules; the default ones unless given. */
  readonly rules?: AppState['rules'];
  readonly live?: Partial<LiveState>;
  readonly alerts?: AlertsSlice['state'];
  readonly sharing?: Partial<ReturnType<App['sharing']['store']['getState']>>;
  readonly settings?: Partial<AppState['settings']>;
  /** Of a browser; without one it is Traywatch's own window. */
  readonly session?: Session;
}

/** An app that no machine answers, with this state. */
function appOver({ paused = false, rules = DEFAULT_RULES, live = {}, alerts = null, sharing = {}, settings = {}, session }: Shown): App {
  const bar = { location: { hash: '' }, history: { back: () => undefined }, addEventListener: () => undefined, removeEventListener: () => undefined };
  const client = createClient({ call: () => Promise.resolve({ ok: false, code: 'Unavailable', message: 'no answer' }), subscribe: () => () => undefined });
  const app = createApp({ client, timers: createManualTimers(), bar, onSnapshot: () => undefined, ...(session === undefined ? {} : { session }) });
  app.stop();
  // Rendered without a browser, a store shows the state it was made with.
  return {
    ...app,
    live: createStore<LiveState>(() => ({ ...app.live.getInitialState(), ...live })),
    alerts: { ...app.alerts, store: createStore<AlertsSlice>(() => ({ state: alerts, undo: null })) },
    sharing: { ...app.sharing, store: createStore(() => ({ ...app.sharing.store.getInitialState(), ...sharing })) },
    appState: createStore(() => ({ state: { paused, rules, notices: [], settings: { ...DEFAULT_SETTINGS, ...settings } } })),
  };
}

/** The HTML of a component. */
export function renderedHtml(element: ReactElement, shown: Shown = {}): string {
  const app = appOver(shown);
  return renderToStaticMarkup(<AppContext.Provider value={app}>{element}</AppContext.Provider>);
}

/** What can be read of it: text without tags, labels that only a screen reader says included. */
export function renderedText(element: ReactElement, shown: Shown = {}): string {
  const labels = (html: string): string => html.replace(/<[^>]*?aria-label="([^"]*)"[^>]*>/g, ' $1 ');
  return labels(renderedHtml(element, shown))
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
