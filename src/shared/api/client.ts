/** The typed client of the page, the same over IPC and over HTTP. */
import type { CallInput, CallName, CallOutput, EventName, EventPayload } from './contract';
import type { Result } from '../result';

/** Transports calls and events; implemented over IPC, and over HTTP with server-sent events. */
export interface Transport {
  /** `machine`: id of the machine that the call is about; absent: the one Traywatch runs on. */
  call(name: string, input: unknown, machine?: string): Promise<Result<unknown>>;
  subscribe(listener: (name: string, payload: unknown) => void): () => void;
  /** Calls back when the stream of events breaks; absent where it cannot, as over IPC. Returns the function that ends it. */
  onInterruption?(listener: () => void): () => void;
}

/** Typed calls and events. */
export interface Client {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** Subscribes to all events; returns the function that unsubscribes. */
  subscribe(listener: EventListener): () => void;
  /** Calls back when the stream of events breaks; never over IPC. */
  onInterruption(listener: () => void): () => void;
}

/** A listener for every event. */
export type EventListener = (event: { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName]) => void;

/** Adds types to a transport. Main has validated what arrives against the contract. */
export function createClient(transport: Transport): Client {
  return {
    call: (name, input) => transport.call(name, input) as Promise<Result<never>>,
    subscribe: (listener) =>
      transport.subscribe((name, payload) => listener({ name, payload } as Parameters<EventListener>[0])),
    onInterruption: (listener) => transport.onInterruption?.(listener) ?? (() => undefined),
  };
}
