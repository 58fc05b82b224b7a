/**
 * Reading and writing desktop entries, as text. Format, escapes and quoting are those of the Desktop Entry Specification 1.5
 * (freedesktop.org), chapters "Basic format of the file", "Possible value types" and "The Exec key".
 */

/** Escapes of values of type string. */
const STRING_ESCAPES: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** A value of type string as it is written. A space needs an escape only where it would be trimmed. */
export function escapeString(text: string): string {
  const escaped = text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`).replaceAll('\t', String.raw`\t`).replaceAll('\r', String.raw`\r`);
  return escaped.replaceAll(/^ | $/g, String.raw`\s`);
}

function unescapeString(text: string): string {
  return text.replaceAll(/\\(.)/gs, (whole, code: string) => STRING_ESCAPES[code] ?? whole);
}

/** An argument in double quotes; `%` begins a field code, so it is doubled. */
function quoteArgument(argument: string): string {
  return `"${argument.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`;
}

/** The value of the key Exec for a command: quoted as arguments first, then escaped as a string, so a backslash becomes four. */
export function toExec(command: readonly string[]): string {
  const [program = '', ...args] = command;
  const plain = (argument: string): string => (/^[\w./:=@+,-]+$/.test(argument) ? argument : quoteArgument(argument));
  return escapeString([quoteArgument(program), ...args.map(plain)].join(' '));
}

/** One argument, quoted or not, at the start of the text. */
const ARGUMENT = /^(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/s;

/** The command in a value of the key Exec, without field codes (%U and the like); null where it is not well-formed. */
export function parseExec(value: string): readonly string[] | null {
  const command: string[] = [];
  let rest = unescapeString(value).trim();
  while (rest !== '') {
    const found = ARGUMENT.exec(rest);
    if (found === null) return null;
    const [whole, quoted, bare = ''] = found;
    const argument = quoted === undefined ? bare : quoted.replaceAll(/\\(["`$\\])/g, '$1');
    if (quoted !== undefined || !/^%[a-zA-Z]$/.test(argument)) command.push(argument.replaceAll('%%', '%'));
    rest = rest.slice(whole.length);
  }
  return command.length === 0 ? null : command;
}

/** The keys of the group "Desktop Entry", values as they are written; of a key that is there twice the last. Null without such a group. */
export function parseEntry(text: string): ReadonlyMap<string, string> | null {
  const keys = new Map<string, string>();
  let group: string | null = null;
  let isFound = false;
  for (const line of text.split(/\r?\n/)) {
    const head = /^\[(.*)\]\s*$/.exec(line);
    if (head !== null) group = head[1] ?? '';
    isFound ||= group === 'Desktop Entry';
    const pair = /^([A-Za-z0-9-]+(?:\[[^\]]*\])?)\s*=\s*(.*)$/.exec(line);
    if (group === 'Desktop Entry' && pair !== null) keys.set(pair[1] ?? '', (pair[2] ?? '').trimEnd());
  }
  return isFound ? keys : null;
}

/** The text with other values of some keys of the group "Desktop Entry"; everything else stays as it is. A key that is missing is added; null removes one. */
export function changeEntry(text: string, changes: Readonly<Record<string, string | null>>): string {
  const left = new Map(Object.entries(changes));
  const added = (): string[] => [...left].flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]));
  const lines: string[] = [];
  let group: string | null = null;
  const endGroup = (): void => {
    if (group !== 'Desktop Entry') return;
    const blank = lines.length - lines.findLastIndex((line) => line.trim() !== '') - 1;
    lines.splice(lines.length - blank, 0, ...added());
    left.clear();
  };
  for (const line of text.split(/\r?\n/)) {
    const head = /^\[(.*)\]\s*$/.exec(line)?.[1];
    if (head !== undefined) endGroup();
    group = head ?? group;
    const key = group === 'Desktop Entry' ? (/^([A-Za-z0-9-]+)\s*=/.exec(line)?.[1] ?? '') : '';
    if (!Object.hasOwn(changes, key)) lines.push(line);
    else if (left.has(key)) {
      const value = changes[key] ?? null;
      if (value !== null) lines.push(`${key}=${value}`);
      left.delete(key);
    }
  }
  endGroup();
  return lines.join('\n');
}

/** A boolean value; anything but `true` is false, as most desktops read it. */
export const isTrue = (value: string | undefined): boolean => value === 'true' || value === '1';

/** A list of strings, such as OnlyShowIn. */
export const toList = (value: string): readonly string[] => value.split(';').filter((part) => part !== '');

/** The string a value stands for. */
export const toText = unescapeString;
