/** The typed client every view talks to; it cannot tell IPC from HTTP. */
import type { CallInput, CallName, CallOutput, EventName, EventPayload } from './contract';
import type { Result } from '../result';

/** Carries calls and events; implemented over IPC and over HTTP with SSE. */
export interface Transport {
  call(name: string, input: unknown): Promise<Result<unknown>>;
  subscribe(listener: (name: string, payload: unknown) => void): () => void;
}

/** Calls and events with their types. */
export interface Client {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** Listens to all events; returns the function that stops it. */
  subscribe(listener: EventListener): () => void;
}

/** One function for every kind of event. */
export type EventListener = (event: { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName]) => void;

/** Gives a wire its types. The main side has checked what arrives against the contract. */
export function createClient(wire: Transport): Client {
  return {
    call: (name, input) => wire.call(name, input) as Promise<Result<never>>,
    subscribe: (listener) =>
      wire.subscribe((name, payload) => listener({ name, payload } as Parameters<EventListener>[0])),
  };
}
