/** The HTTP transport of the contract for Node, with an API token. */
import type { Transport } from '../../src/shared/api/client';
import type { Result } from '../../src/shared/result';

/** A server-sent event. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** Parses the events of a stream as they arrive. */
export async function* eventsOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<StreamEvent> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      const data = fields.get('data');
      if (data !== undefined) yield { event: fields.get('event') ?? 'message', data, id: fields.get('id') ?? '' };
    }
  }
}

/** A transport whose event stream is open. */
export async function httpTransport(origin: string, token: string): Promise<Transport> {
  const headers = { authorization: `Bearer ${token}` };
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const stream = await fetch(`${origin}/api/stream?interval=1`, { headers });
  const pump = async (): Promise<void> => {
    try {
      for await (const { event, data } of eventsOf(stream.body)) listeners.forEach((listener) => listener(event, JSON.parse(data)));
    } catch (error) {
      // The end of the test cuts the stream.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  void pump();
  return {
    async call(name, input) {
      const response = await fetch(`${origin}/api/call/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input ?? {}),
      });
      return (await response.json()) as Result<unknown>;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
