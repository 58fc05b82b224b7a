/** The handlers as somebody outside reaches them: what only the desktop may see or change is taken out. */
import { REFUSALS } from '../../shared/api/refusals';
import type { AppState, CallOutput } from '../../shared/api/contract';
import type { Handlers } from '../../shared/api/dispatch';
import { CallError } from '../../shared/result';

/** Paths tell the user's name and where to look for keys. */
export function redactForRemote(state: AppState): AppState {
  const { settings } = state;
  return { ...state, settings: { ...settings, lan: { ...settings.lan, certFile: null, keyFile: null } } };
}

/** `points` is the most numbers (series × points) one answer may hold. */
export function remoteHandlers(handlers: Handlers, points: number): Handlers {
  return {
    ...handlers,
    host: async (input, caller): Promise<CallOutput<'host'>> => ({ ...(await handlers.host(input, caller)), databasePath: null }),
    appState: async (input, caller) => redactForRemote(await handlers.appState(input, caller)),
    setPaused: async (input, caller) => redactForRemote(await handlers.setPaused(input, caller)),
    updateSettings: async (patch, caller) => {
      // Who is let in, and how, is decided at the desktop: a stolen session must not open the door for good.
      if (patch.lan !== undefined) throw new CallError('Forbidden', REFUSALS.local);
      return redactForRemote(await handlers.updateSettings(patch, caller));
    },
    series: (query, caller) => {
      if (query.series.length * query.points > points) throw new CallError('BadInput', `points: fewer points or fewer series, at most ${points} numbers in all`);
      return handlers.series(query, caller);
    },
  };
}
