/** Follows the events of an engine. */
import type { EngineClient, EngineError } from './client';
import { ASKED_ACTIONS, parseEngineEvent } from './engine-event';
import type { EngineEvent } from './engine-event';
import { LineSplitter } from './lines';
import type { EngineKind } from './record';
import type { SeenEvents } from './seen-events';

/** Who is told. */
interface EventListener {
  onOpen(): void;
  onEvent(event: EngineEvent): void;
  /** Null where the engine ended the stream. */
  onEnd(error: EngineError | null): void;
}

/** Longest answer about events of the past, bytes, and how long it may take, ms. */
const PAST = { most: 8_000_000, deadline: 10_000 } as const;

/** Podman names some actions differently when it filters, so it is asked for all of them: it tells few that are of no interest. */
function pathOf(kind: EngineKind, seen: SeenEvents, more = ''): string {
  const filters = kind === 'podman' ? { type: ['container'] } : { type: ['container'], event: ASKED_ACTIONS };
  const since = seen.since();
  return `/events?filters=${encodeURIComponent(JSON.stringify(filters))}${since === null ? '' : `&since=${since}`}${more}`;
}

function taker(seen: SeenEvents, onEvent: (event: EngineEvent) => void): LineSplitter {
  return new LineSplitter((line) => {
    const event = parseEngineEvent(line);
    if (event !== null && seen.isNew(event.key, event.time)) onEvent(event);
  });
}

/** Follows events, beginning with those that may have been missed. Returns the function that ends it. */
export function followEvents(client: EngineClient, kind: EngineKind, seen: SeenEvents, listener: EventListener): () => void {
  const lines = taker(seen, (event) => listener.onEvent(event));
  return client.stream(pathOf(kind, seen), { onOpen: () => listener.onOpen(), onData: (chunk) => lines.push(chunk), onEnd: (error) => listener.onEnd(error) });
}

/** The events of Podman since the last one that was seen, which it keeps in a file or in the journal. */
export async function pastEvents(client: EngineClient, seen: SeenEvents, onEvent: (event: EngineEvent) => void): Promise<void> {
  const lines = taker(seen, onEvent);
  lines.push(await client.bytes(pathOf('podman', seen, '&stream=false'), PAST));
  lines.push(Buffer.from('\n'));
}
