/** The contract over HTTP, as a browser would carry it, in Node. */
import type { Transport } from '../../src/shared/api/client';
import type { Result } from '../../src/shared/result';

/** One event of a stream. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** Events of a stream as they come. */
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

/** A wire whose stream is open already. */
export async function httpTransport(origin: string, token: string): Promise<Transport> {
  const headers = { authorization: `Bearer ${token}` };
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const stream = await fetch(`${origin}/api/stream?interval=1`, { headers });
  const pump = async (): Promise<void> => {
    try {
      for await (const { event, data } of eventsOf(stream.body)) listeners.forEach((listener) => listener(event, JSON.parse(data)));
    } catch (error) {
      // The test's end cuts the stream.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  void pump();
  return {
    async call(name, input) {
      const answer = await fetch(`${origin}/api/call/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input ?? {}),
      });
      return (await answer.json()) as Result<unknown>;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
