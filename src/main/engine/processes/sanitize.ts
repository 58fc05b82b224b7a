/** Makes process names and command lines, which may contain anything, safe to display. Pure. */

/** Maximum length of a command line, characters. */
const COMMAND_LENGTH = 1000;
/** Maximum length of a name, characters: the Linux kernel cuts at 15 bytes, other systems do not. */
const NAME_LENGTH = 200;

/** White space of any kind, including line breaks: a table row is one line. */
const BLANKS = /[\s\u0085]+/g;
/** Control characters, and characters that change the text direction, which could make a name look like another. */
const CONTROLS = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** Plain ASCII text, which needs no cleaning; a fast check. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

const REPLACEMENT = '\uFFFD';

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Do not cut a surrogate pair in half.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 2)) ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

function clean(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(BLANKS, ' ').replaceAll(CONTROLS, REPLACEMENT).trim();
}

/** A name of at most 200 characters; `?` for one without visible characters. */
export function sanitizeName(name: string): string {
  const text = cut(clean(name), NAME_LENGTH);
  return text === '' ? '?' : text;
}

/** A command line of at most 1000 characters, with … where it is cut; null if empty. */
export function sanitizeCommand(command: string): string | null {
  const text = clean(command);
  return text === '' ? null : cut(text, COMMAND_LENGTH);
}

/** Maximum length of a process name in the Linux kernel, bytes; longer names are cut. */
const KERNEL_NAME_BYTES = 15;
/** Names that runtimes give their main thread, and thus the process: they do not identify the program. */
const GENERIC_NAMES = new Set(['MainThread', 'node-MainThread', 'GeckoMain']);

/** True if the command line may have a better name than the kernel's. */
export function wantsCommand(name: string): boolean {
  // A character has at most four bytes, so short names need not be measured.
  return GENERIC_NAMES.has(name) || (name.length * 4 >= KERNEL_NAME_BYTES && Buffer.byteLength(name) >= KERNEL_NAME_BYTES);
}

/** Arguments searched for a program's name: an interpreter, its options and a script. */
const MAX_ARGUMENTS = 16;
/** What separates the parts of a path, also of a Windows program's that runs under Wine. */
const SEPARATOR = /[/\\]/;

/** Whether the kernel makes `name` of `candidate`: cuts it after 15 bytes, also within a character. */
function isCutTo(candidate: string, name: string): boolean {
  if (candidate.startsWith(name)) return true;
  if (!name.endsWith(REPLACEMENT)) return false;
  const whole = name.slice(0, -REPLACEMENT.length);
  const next = candidate.codePointAt(whole.length);
  if (next === undefined || !candidate.startsWith(whole)) return false;
  return Buffer.byteLength(whole) + Buffer.byteLength(String.fromCodePoint(next)) > KERNEL_NAME_BYTES;
}

/**
 * The program's name at the start of a text. In a list of arguments that is the whole rest of a path; else the text goes
 * on with arguments, or with a status that the program wrote over them ("worker: idle"), and the name ends at a blank: at
 * the first one after the kernel's name, or, where that is part of a path and contains a blank itself, before an option.
 */
function nameAt(text: string, name: string, { isPath, isArgument }: { readonly isPath: boolean; readonly isArgument: boolean }): string {
  if (isPath && isArgument && !SEPARATOR.test(text)) return text;
  const end = text.indexOf(isPath && name.includes(' ') ? ' -' : ' ', name.length);
  return end < 0 ? text : text.slice(0, end);
}

/** The complete name, if it is in this argument: at its start or after a separator. */
function completeIn(argument: string, name: string, isArgument: boolean): string | null {
  for (let start = 0; start < argument.length; ) {
    const rest = argument.slice(start);
    if (isCutTo(rest, name)) {
      const found = nameAt(rest, name, { isPath: start > 0, isArgument });
      // With a separator in it, it is a folder.
      if (!SEPARATOR.test(found)) return found;
    }
    const next = rest.search(SEPARATOR);
    if (next < 0) break;
    start += next + 1;
  }
  return null;
}

/**
 * The complete name of a program whose name the kernel cut, from its command line; null if it is not in it. The kernel's
 * name of a script is the script's, while its first argument is the interpreter. Only a text that the kernel would have
 * cut to this name is taken, so that nothing else in the command line can become the name.
 */
function completeName(name: string, line: string): string | null {
  const all = line.split('\0', MAX_ARGUMENTS + 1).filter((argument) => argument !== '');
  for (const [index, argument] of all.entries()) {
    const isOption = argument.startsWith('-');
    if (isOption && index > 0) continue;
    // A dash before the first argument marks a login shell.
    const found = completeIn(isOption ? argument.slice(1) : argument, name, all.length > 1);
    if (found !== null) return found;
  }
  return null;
}

/** The kernel's name without the beginning of a character that it cut. */
function withoutCutCharacter(name: string): string {
  const whole = name.slice(0, -REPLACEMENT.length);
  const bytes = Buffer.byteLength(whole);
  // A character has at most four bytes, of which at most three remain.
  return name.endsWith(REPLACEMENT) && bytes < KERNEL_NAME_BYTES && bytes >= KERNEL_NAME_BYTES - 3 ? whole : name;
}

/**
 * Display name of a process whose name wantsCommand: the program's, if the kernel's is a cut or a generic one, else the
 * kernel's. `first` is the first argument, by convention the program; `line` the command line, arguments separated by NUL.
 */
export function nameOf(name: string, first: string, line = first): string {
  const program = first.slice(first.lastIndexOf('/') + 1);
  if (GENERIC_NAMES.has(name)) return sanitizeName(program === '' ? name : program);
  return sanitizeName(completeName(name, line) ?? withoutCutCharacter(name));
}
