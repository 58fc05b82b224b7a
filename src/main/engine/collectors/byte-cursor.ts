/** Walks over the bytes of a table of /proc without making a string of each cell. */

const NEWLINE = 10;
const SPACE = 32;
const TAB = 9;
const ZERO = 48;
const NINE = 57;

/** A place in a buffer. All moves stop at the end of the line, except `nextLine`. */
export class Cursor {
  readonly bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** True when nothing is left. */
  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  /** Goes to the start of the next line. */
  nextLine(): void {
    const at = this.bytes.indexOf(NEWLINE, this.position);
    this.position = at < 0 ? this.bytes.length : at + 1;
  }

  /** End of the present line, its newline left out. */
  lineEnd(): number {
    const at = this.bytes.indexOf(NEWLINE, this.position);
    return at < 0 ? this.bytes.length : at;
  }

  /** Goes over blanks. */
  blanks(): void {
    const { bytes } = this;
    let { position } = this;
    while (bytes[position] === SPACE || bytes[position] === TAB) position += 1;
    this.position = position;
  }

  /** Reads the next whole number, blanks before it left out; -1 when none stands there. */
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

  /** Goes over `count` cells, whatever they hold. */
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

  /** True when the bytes here read so; `text` is plain ASCII. */
  startsWith(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[this.position + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }
}
