/**
 * Answers of HTTP/1.1 (RFC 9112), read from the bytes of a connection as they come. Only what an engine sends to a GET: a head, and
 * a body that is counted, in chunks, or ends with the connection. Pure.
 */

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** Whether the connection may be asked again. */
  readonly isKept: boolean;
}

/** Bytes of a head, and of a line between two chunks. */
const LONGEST = { head: 64 * 1024, line: 4096 } as const;
const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';
const NOTHING = Buffer.alloc(0);

const STATUS = /^HTTP\/1\.([01]) (\d{3})(?: |\r|$)/;
const LENGTH = /\r\ncontent-length:[ \t]*([^\r\n]*?)[ \t]*(?=\r|$)/gi;
const CODING = /\r\ntransfer-encoding:[ \t]*([^\r\n]*?)[ \t]*(?=\r|$)/gi;
const CLOSE = /\r\nconnection:[^\r\n]*\bclose\b/i;

/** What a head says. `size`: bytes of the body, `chunked`, or `all`: what comes until the connection ends. */
interface Head {
  readonly status: number;
  readonly isKept: boolean;
  readonly size: number | 'chunked' | 'all';
}

/** Values of a header, each once. */
const valuesOf = (head: string, pattern: RegExp): readonly string[] => [...new Set(Array.from(head.matchAll(pattern), ([, value = '']) => value.toLowerCase()))];

function sizeOf(head: string, status: number): Head['size'] {
  if (status === 204 || status === 304) return 0;
  const codings = valuesOf(head, CODING);
  if (codings.length > 0) {
    if (codings.length > 1 || codings[0] !== 'chunked') throw new Error(`the answer is sent in a way that is not known: ${codings.join(', ').slice(0, 60)}`);
    return 'chunked';
  }
  const lengths = valuesOf(head, LENGTH);
  if (lengths.length === 0) return 'all';
  const [length = ''] = lengths;
  if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) throw new Error('the answer does not say how long it is');
  return Number(length);
}

function parseHead(head: string): Head {
  const [, minor, digits] = STATUS.exec(head) ?? [];
  if (digits === undefined) throw new Error('the answer is not HTTP');
  const status = Number(digits);
  const size = sizeOf(head, status);
  return { status, size, isKept: minor === '1' && size !== 'all' && !CLOSE.test(head) };
}

/** Reads one answer. `most`: bytes of its body. Throws an Error for what is no answer, and for one that is too long. */
export class AnswerReader {
  readonly #most: number;
  #head: Head | null = null;
  /** Bytes that came and are not used yet. */
  #rest = NOTHING;
  readonly #parts: Buffer[] = [];
  #length = 0;
  /** Bytes of the chunk that are still to come; null between two chunks, and -1 after the last one. */
  #chunk: number | null = null;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes bytes, which may be overwritten afterwards. The answer once all of it is there, else null. */
  take(bytes: Buffer): HttpAnswer | null {
    this.#rest = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    while (this.#head === null) if (!this.#takeHead()) return null;
    const { size } = this.#head;
    if (size === 'chunked') return this.#takeChunks() ? this.#answer(this.#head) : null;
    this.#add(size === 'all' ? this.#rest.length : Math.min(this.#rest.length, size - this.#length));
    return this.#length === size ? this.#answer(this.#head) : null;
  }

  /** The connection has ended: the answer where that is its end, else null. */
  end(): HttpAnswer | null {
    return this.#head?.size === 'all' ? this.#answer(this.#head) : null;
  }

  #answer({ status, isKept }: Head): HttpAnswer {
    const [only] = this.#parts;
    const body = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    // Nothing else was asked for.
    return { status, body, isKept: isKept && this.#rest.length === 0 };
  }

  /** False until the head is there. An interim answer (100 to 199) is left out. */
  #takeHead(): boolean {
    const end = this.#rest.indexOf(HEAD_END);
    if (end > LONGEST.head || (end < 0 && this.#rest.length > LONGEST.head)) throw new Error('the head of the answer is too long');
    if (end < 0) return false;
    const head = parseHead(this.#rest.toString('latin1', 0, end));
    this.#rest = this.#rest.subarray(end + HEAD_END.length);
    if (head.status === 101) throw new Error('the answer changes the protocol');
    if (head.status >= 200) this.#head = head;
    if (typeof head.size === 'number' && head.size > this.#most && head.status >= 200) throw this.#tooLong();
    return true;
  }

  /** True when the last chunk is there, and what follows it. */
  #takeChunks(): boolean {
    for (;;) {
      if (this.#chunk !== null && this.#chunk > 0) {
        const length = Math.min(this.#rest.length, this.#chunk);
        this.#add(length);
        this.#chunk -= length;
        if (this.#chunk > 0) return false;
      }
      const line = this.#takeLine();
      if (line === null) return false;
      if (this.#chunk === -1) {
        // Fields behind the chunks say nothing about the body.
        if (line === '') return true;
      } else if (this.#chunk === 0) {
        if (line !== '') throw new Error('the answer has a chunk that does not end');
        this.#chunk = null;
      } else this.#chunk = this.#chunkOf(line);
    }
  }

  /** Size of a chunk: -1 for the last one, which is empty. */
  #chunkOf(line: string): number {
    const [, digits] = /^([\da-f]{1,8})[ \t]*(?:;|$)/i.exec(line) ?? [];
    if (digits === undefined) throw new Error('the answer has a chunk without a size');
    const size = Number.parseInt(digits, 16);
    if (this.#length + size > this.#most) throw this.#tooLong();
    return size === 0 ? -1 : size;
  }

  #takeLine(): string | null {
    const end = this.#rest.indexOf(LINE_END);
    if (end > LONGEST.line || (end < 0 && this.#rest.length > LONGEST.line)) throw new Error('the answer has a line that does not end');
    if (end < 0) return null;
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + LINE_END.length);
    return line;
  }

  #add(length: number): void {
    if (length === 0) return;
    if (this.#length + length > this.#most) throw this.#tooLong();
    this.#parts.push(this.#rest.subarray(0, length));
    this.#length += length;
    this.#rest = this.#rest.subarray(length);
  }

  #tooLong(): Error {
    return new Error(`the answer is longer than ${this.#most} bytes`);
  }
}
