/**
 * Reads the text form of D-Bus values as `gdbus` prints it. Tuples and arrays become arrays, dictionaries become
 * objects, variants their content, byte strings arrays of numbers; type annotations are dropped.
 */
export type Value = string | number | boolean | Value[] | { [key: string]: Value };

const typeNames = /^(?:byte|boolean|u?int(?:16|32|64)|double|handle|string|objectpath|signature)\s+/;
const annotation = /^@[a-z(){}*?]+\s*/;
const number = /^[-+]?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)/;
const word = /^(?:true|false)/;
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' };

/** Parses one value; throws on text that is none. */
export function parseValue(text: string): Value {
  const reader = createReader(text);
  const value = readValue(reader);
  reader.skip(/^\s*/);
  if (reader.rest() !== '') throw new Error(`unexpected "${reader.rest().slice(0, 40)}" after a value`);
  return value;
}

/** The value as a list; empty when it is none. */
export function toList(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; empty when it is none. */
export function toText(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a dictionary; empty when it is none. */
export function toDictionary(value: Value | undefined): Record<string, Value> {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

type Reader = ReturnType<typeof createReader>;

function createReader(text: string) {
  let position = 0;
  const rest = () => text.slice(position);
  // A window, not the whole rest: values with pixels are long, and every token is short.
  const ahead = () => text.slice(position, position + 64);
  return {
    rest,
    peek: () => text[position] ?? '',
    take: () => text[position++] ?? '',
    skip(pattern: RegExp): string {
      const found = pattern.exec(ahead())?.[0] ?? '';
      position += found.length;
      return found;
    },
    expect(character: string): void {
      if (text[position] !== character) throw new Error(`expected ${character} at "${rest().slice(0, 40)}"`);
      position += 1;
    },
  };
}

function readValue(reader: Reader): Value {
  reader.skip(/^\s*/);
  while (reader.skip(annotation) !== '' || reader.skip(typeNames) !== '');
  const start = reader.peek();
  if (start === '(') return readList(reader, '(', ')');
  if (start === '[') return readList(reader, '[', ']');
  if (start === '{') return readDictionary(reader);
  if (start === '<') return readVariant(reader);
  if (start === "'" || start === '"') return readString(reader);
  const byteString = reader.skip(/^b(?=['"])/);
  if (byteString !== '') return [...Buffer.from(`${readString(reader)}\0`, 'latin1')];
  const named = reader.skip(word);
  if (named !== '') return named === 'true';
  const digits = reader.skip(number);
  if (digits === '') throw new Error(`no value at "${reader.rest().slice(0, 40)}"`);
  return Number(digits);
}

function readVariant(reader: Reader): Value {
  reader.expect('<');
  const value = readValue(reader);
  reader.skip(/^\s*/);
  reader.expect('>');
  return value;
}

function readList(reader: Reader, open: string, close: string): Value[] {
  const values: Value[] = [];
  readItems(reader, open, close, () => values.push(readValue(reader)));
  return values;
}

function readDictionary(reader: Reader): Record<string, Value> {
  const entries: Record<string, Value> = {};
  readItems(reader, '{', '}', () => {
    const key = readValue(reader);
    reader.skip(/^\s*/);
    reader.expect(':');
    entries[typeof key === 'string' ? key : JSON.stringify(key)] = readValue(reader);
  });
  return entries;
}

function readItems(reader: Reader, open: string, close: string, readItem: () => void): void {
  reader.expect(open);
  for (;;) {
    reader.skip(/^[\s,]*/);
    if (reader.peek() === close) break;
    readItem();
  }
  reader.expect(close);
}

function readString(reader: Reader): string {
  const quote = reader.take();
  let text = '';
  for (let next = reader.take(); next !== quote; next = reader.take()) {
    if (next === '') throw new Error('a string does not end');
    text += next === '\\' ? readEscape(reader) : next;
  }
  return text;
}

function readEscape(reader: Reader): string {
  const code = reader.take();
  const digits = code === 'u' ? reader.skip(/^[0-9a-f]{4}/i) : code === 'U' ? reader.skip(/^[0-9a-f]{8}/i) : '';
  if (digits !== '') return String.fromCodePoint(Number.parseInt(digits, 16));
  return escapes[code] ?? code;
}
