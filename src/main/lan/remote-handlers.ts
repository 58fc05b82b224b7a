/** The handlers as remote callers get them: every answer and every error is seen through the remote view, and some inputs are refused. */
import { CALLS } from '../../shared/api/contract';
import type { CallName, CallOutput } from '../../shared/api/contract';
import type { Caller, Handlers } from '../../shared/api/dispatch';
import { REFUSALS } from '../../shared/api/refusals';
import { CallError } from '../../shared/result';
import { eventVisibility } from '../../shared/timeline/event-visibility';
import { refuseLocalSections } from '../settings/local-sections';
import { REPORTED_BY, reportedUser } from './remote-view';
import type { RemoteView } from './remote-view';

/** Types, totals and pages as if what is not shown did not exist. A search covers what is shown as it is stored, or it would find what is not. */
function remoteEvents(handlers: Handlers): Handlers['events'] {
  return async (query, caller): Promise<CallOutput<'events'>> => {
    const { types: stored } = await handlers.events({ from: Number.MAX_SAFE_INTEGER, limit: 1 }, caller);
    const types = stored.filter((type) => eventVisibility(type) !== 'local');
    const isSearch = (query.text ?? '').trim() !== '';
    const found = types.filter((type) => !isSearch || eventVisibility(type) === 'shown');
    const wanted = (query.types ?? []).length === 0 ? found : found.filter((type) => query.types?.includes(type) === true);
    if (wanted.length === 0) return { total: 0, events: [], types };
    return { ...(await handlers.events({ ...query, types: wanted }, caller)), types };
  };
}

/** What remote callers may not ask for, refused before the handler runs. */
function checked(handlers: Handlers, points: number): Partial<Handlers> {
  return {
    events: remoteEvents(handlers),
    updateSettings: (patch, caller) => {
      // Sharing is set on the machine only: a stolen session must not be able to give itself lasting access.
      refuseLocalSections(patch, caller);
      return handlers.updateSettings(patch, caller);
    },
    series: (query, caller) => {
      if (query.series.length * query.points > points) throw new CallError('BadInput', `points: at most ${points} values (series × points) in one response`);
      return handlers.series(query, caller);
    },
    // A client can name anyone, an account too: what it says is told apart from what is known.
    addEvent: (event, caller) => {
      const reporter = caller.name ?? 'a remote client';
      return handlers.addEvent({ ...event, user: reportedUser(event.user, reporter), details: { ...event.details, [REPORTED_BY]: reporter } }, caller);
    },
  };
}

/** Wraps the handlers. `points`: most numbers (series × points) of one response. */
export function remoteHandlers(handlers: Handlers, view: RemoteView, points: number): Handlers {
  const before = checked(handlers, points);
  const wrap = (name: CallName) => async (input: unknown, caller: Caller): Promise<unknown> => {
    const shown = view.calls[name] as ((output: unknown, role: 'viewer' | 'admin') => unknown) | undefined;
    if (shown === undefined) throw new CallError('Forbidden', REFUSALS.local);
    try {
      const handler = (before[name] ?? handlers[name]) as (input: unknown, caller: Caller) => unknown;
      return shown(await handler(input, caller), caller.role === 'viewer' ? 'viewer' : 'admin');
    } catch (error) {
      throw error instanceof CallError ? new CallError(error.code, view.text(error.message)) : error;
    }
  };
  return Object.fromEntries((Object.keys(CALLS) as CallName[]).map((name) => [name, wrap(name)])) as unknown as Handlers;
}
