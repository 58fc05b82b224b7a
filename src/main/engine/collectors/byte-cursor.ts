/** Parses the tables of /proc from bytes, without creating a string per cell. */

const NEWLINE = 10;
const SPACE = 32;
const TAB = 9;
const ZERO = 48;
const NINE = 57;

/** A position in a buffer. All methods stop at the end of the line, except `nextLine`. */
export class Cursor {
  readonly bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** True at the end of the buffer. */
  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  /** Moves to the start of the next line. */
  nextLine(): void {
    const at = this.bytes.indexOf(NEWLINE, this.position);
    this.position = at < 0 ? this.bytes.length : at + 1;
  }

  /** End of the current line, without its newline. */
  lineEnd(): number {
    const at = this.bytes.indexOf(NEWLINE, this.position);
    return at < 0 ? this.bytes.length : at;
  }

  /** Skips spaces and tabs. */
  blanks(): void {
    const { bytes } = this;
    let { position } = this;
    while (bytes[position] === SPACE || bytes[position] === TAB) position += 1;
    this.position = position;
  }

  /** Reads the next whole number, skipping blanks before it; -1 if there is none. */
  number(): number {
    this.blanks();
    const { bytes } = this;
    let { position } = this;
    let value = -1;
    for (;;) {
      const digit = bytes[position];
      if (digit === undefined || digit < ZERO || digit > NINE) break;
      value = (value < 0 ? 0 : value * 10) + digit - ZERO;
      position += 1;
    }
    this.position = position;
    return value;
  }

  /** Skips `count` cells. */
  skip(count: number): void {
    const { bytes } = this;
    for (let cell = 0; cell < count; cell += 1) {
      this.blanks();
      let { position } = this;
      for (;;) {
        const byte = bytes[position];
        if (byte === undefined || byte === SPACE || byte === TAB || byte === NEWLINE) break;
        position += 1;
      }
      this.position = position;
    }
  }

  /** Reads the next cell as text; empty at the end of the line. */
  word(): string {
    this.blanks();
    const start = this.position;
    this.skip(1);
    return this.bytes.toString('utf8', start, this.position);
  }

  /** True if the bytes at the position equal `text`, which must be ASCII. */
  startsWith(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[this.position + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }
}
