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

/**
 * Display name: the kernel's, unless that is a prefix of the program's name or a generic one. `first` is the first
 * argument, by convention the program.
 */
export function nameOf(name: string, first: string): string {
  const program = first.slice(first.lastIndexOf('/') + 1);
  if (GENERIC_NAMES.has(name)) return sanitizeName(program === '' ? name : program);
  if (!program.startsWith(name)) return sanitizeName(name);
  // Programs may overwrite their arguments with a status after the name: "worker: idle".
  const end = program.indexOf(' ', name.length);
  return sanitizeName(end < 0 ? program : program.slice(0, end));
}
