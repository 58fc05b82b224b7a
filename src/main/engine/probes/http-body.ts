/** The begin of an answer's body, with bounds: of its size, and of the time that it is waited for. */
import type { IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';
import type { Timers } from '../clock';

/** Bytes that are read; then the connection is closed. */
export const MAX_BODY = 64 * 1024;
/** Where nobody looks for anything in it, a body is waited for so long, ms: one may never end, as that of an event stream. */
const PATIENCE = 1000;

/** What was read. */
export interface Body {
  readonly text: string;
  readonly hasKeyword: boolean;
  /** ended: all of it was read. cut: there is more. broken: the connection was closed before it ended. */
  readonly end: 'ended' | 'cut' | 'broken';
}

/** The decoder that the server names, or UTF-8. */
function decoderOf(contentType: string | undefined): TextDecoder {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1];
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    // No such encoding is known here: most text can still be read.
    return new TextDecoder('utf-8');
  }
}

/** Reads until a keyword is found, the body ends or is too long; without a keyword also until patience ends, where not all of it is there yet. Never rejects. */
export function readBody(response: IncomingMessage, keyword: string | null, timers: Timers): Promise<Body> {
  const decoder = decoderOf(response.headers['content-type']);
  let [text, tail, left] = ['', '', MAX_BODY];
  let hasKeyword = false;
  return new Promise((resolve) => {
    const finish = (end: Body['end']): void => {
      cancel();
      resolve({ text, hasKeyword, end });
      response.destroy();
    };
    const cancel = keyword === null && !response.complete ? timers.after(PATIENCE, () => finish('cut')) : (): void => undefined;
    const take = (piece: string): void => {
      text += piece;
      if (keyword === null) return;
      // Many small pieces must not cost a search of the whole each.
      hasKeyword ||= (tail + piece).includes(keyword);
      tail = keyword.length > 1 ? (tail + piece).slice(1 - keyword.length) : '';
    };
    response.on('data', (chunk: Buffer) => {
      const bytes = chunk.subarray(0, left);
      left -= bytes.length;
      take(decoder.decode(bytes, { stream: true }));
      if (hasKeyword || left === 0) finish('cut');
    });
    response.on('end', () => finish('ended'));
    response.on('error', () => finish('broken'));
    response.on('close', () => finish('broken'));
  });
}
