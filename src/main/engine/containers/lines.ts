/** Splits a stream of bytes into lines. */

/** Longest line that is kept, bytes: an event carries all labels of its container, and these are long for some. */
const MAX_LINE = 256 * 1024;

/** Takes chunks and gives whole lines, without empty ones. A longer line than `most` bytes is dropped, and the next one is read again. */
export class LineSplitter {
  readonly #most: number;
  readonly #onLine: (line: string) => void;
  #parts: Buffer[] = [];
  #length = 0;
  #isDropping = false;

  constructor(onLine: (line: string) => void, most = MAX_LINE) {
    this.#onLine = onLine;
    this.#most = most;
  }

  /** Takes the next bytes. */
  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    if (part.length === 0 || this.#isDropping) return;
    this.#length += part.length;
    if (this.#length > this.#most) {
      this.#isDropping = true;
      this.#parts = [];
      return;
    }
    this.#parts.push(part);
  }

  #finish(): void {
    const line = this.#isDropping ? '' : Buffer.concat(this.#parts).toString().trim();
    this.#parts = [];
    this.#length = 0;
    this.#isDropping = false;
    if (line !== '') this.#onLine(line);
  }
}
