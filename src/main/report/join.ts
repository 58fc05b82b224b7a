/** Asks a hub to let this machine in, and waits until somebody there has decided. */
import { joinPendingSchema, joinStateSchema } from '../../shared/machines/report-schemas';
import type { reportJoinSchema } from '../../shared/machines/report-schemas';
import { CallError } from '../../shared/result';
import type * as z from 'zod';
import type { Timers } from '../engine/clock';
import { startDeadline } from '../lib/request-deadline';
import { dataOf } from './hub-answer';
import type { HubAnswer, HubConnection, HubRequest } from './hub-connection';

/** A request that waits for approval. */
export type JoinPending = z.infer<typeof joinPendingSchema>;

/** What the hub made of it. */
export type JoinResult = { readonly state: 'approved'; readonly token: string } | { readonly state: 'denied' | 'expired' };

/** Status of a request that was taken. */
const ACCEPTED = 202;
const REQUEST_TIMEOUT = 15_000;
/** The hub answers when somebody has decided, at the latest after so many seconds; and the deadline of that, ms. */
const POLL_SECONDS = 25;
const POLL_TIMEOUT = 40_000;
const RETRY = 2000;

/** What joining needs. */
export interface JoinParts {
  readonly connection: HubConnection;
  readonly timers: Timers;
  readonly mono: () => number;
  readonly signal: AbortSignal;
}

async function send({ connection, timers, signal }: JoinParts, request: Omit<HubRequest, 'signal'>, timeout: number): Promise<HubAnswer> {
  const deadline = startDeadline(timers, timeout, signal);
  try {
    return await deadline.race(connection.send({ ...request, signal: deadline.signal }));
  } finally {
    deadline.end();
  }
}

const REFUSALS: Readonly<Record<number, string>> = {
  404: 'There is no hub at this address: it is an older Traywatch, or another program.',
  409: 'Another machine reports to this hub under the id of this one: its data folder was copied. Leave the hub on the machine that has the copy, then join again there.',
  429: 'Too many codes were tried. Wait a few minutes, and make a new code at the hub.',
};
const WRONG_CODE = 'The hub does not accept this code. A code is for one machine and for a few minutes: make a new one there, with "Add a machine".';

/** Sends the code. Throws a CallError that says what to do where it is not accepted. */
export async function requestJoin(parts: JoinParts, request: z.infer<typeof reportJoinSchema>): Promise<JoinPending> {
  const body = Buffer.from(JSON.stringify(request));
  const { status, text } = await send(parts, { method: 'POST', path: 'api/report/join', headers: { 'content-type': 'application/json' }, body }, REQUEST_TIMEOUT);
  const parsed = status === ACCEPTED ? joinPendingSchema.safeParse(dataOf(text)) : null;
  if (parsed?.success === true) return parsed.data;
  if (status >= 500) throw new CallError('Unavailable', `The hub cannot let machines in now (HTTP ${status}). Try again later.`);
  throw new CallError('BadInput', REFUSALS[status] ?? (status < 300 ? 'There is no hub at this address.' : WRONG_CODE));
}

async function ask(parts: JoinParts, { id, ticket }: JoinPending): Promise<JoinResult | null> {
  const { status, text } = await send(parts, { method: 'GET', path: `api/report/join/${encodeURIComponent(id)}?wait=${POLL_SECONDS}`, headers: { 'x-traywatch-ticket': ticket }, body: null }, POLL_TIMEOUT);
  // A hub that was started again has forgotten the request.
  if (status >= 400 && status < 500 && status !== 429) return { state: 'expired' };
  const parsed = status === 200 ? joinStateSchema.safeParse(dataOf(text)) : null;
  if (parsed?.success !== true) throw new Error(`HTTP ${status}`);
  const { state, token } = parsed.data;
  if (state === 'approved') return token === null ? { state: 'expired' } : { state, token };
  return state === 'pending' ? null : { state };
}

const pause = (timers: Timers, ms: number): Promise<void> => new Promise((resolve) => void timers.after(ms, resolve));

/** Resolves when somebody at the hub has decided, or nobody has in time. Rejects when the signal fires. */
export async function waitForApproval(parts: JoinParts, pending: JoinPending): Promise<JoinResult> {
  const end = parts.mono() + pending.expiresIn + POLL_TIMEOUT;
  while (parts.mono() < end) {
    parts.signal.throwIfAborted();
    const begun = parts.mono();
    try {
      const result = await ask(parts, pending);
      if (result !== null) return result;
    } catch {
      parts.signal.throwIfAborted();
    }
    // One that answers at once is not asked all the time.
    if (parts.mono() - begun < RETRY) await pause(parts.timers, RETRY);
  }
  return { state: 'expired' };
}
