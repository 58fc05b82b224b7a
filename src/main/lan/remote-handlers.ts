/** The handlers as remote callers get them: what only the machine itself may see or change is removed or refused. */
import type { AppState, CallOutput } from '../../shared/api/contract';
import type { Handlers } from '../../shared/api/dispatch';
import { CallError } from '../../shared/result';
import { refuseLocalSections } from '../settings/local-sections';

/** The state without the paths of certificate and key, which reveal the user's name and where keys are. */
export function redactForRemote(state: AppState): AppState {
  const { settings } = state;
  return { ...state, settings: { ...settings, lan: { ...settings.lan, certFile: null, keyFile: null } } };
}

/** Wraps the handlers. `points`: most numbers (series × points) of one response. */
export function remoteHandlers(handlers: Handlers, points: number): Handlers {
  return {
    ...handlers,
    host: async (input, caller): Promise<CallOutput<'host'>> => ({ ...(await handlers.host(input, caller)), databasePath: null }),
    appState: async (input, caller) => redactForRemote(await handlers.appState(input, caller)),
    setPaused: async (input, caller) => redactForRemote(await handlers.setPaused(input, caller)),
    updateSettings: async (patch, caller) => {
      // Sharing is set on the machine only: a stolen session must not be able to give itself lasting access.
      refuseLocalSections(patch, caller);
      return redactForRemote(await handlers.updateSettings(patch, caller));
    },
    series: (query, caller) => {
      if (query.series.length * query.points > points) throw new CallError('BadInput', `points: at most ${points} values (series × points) in one response`);
      return handlers.series(query, caller);
    },
  };
}
