/** Names and command lines, which are whatever a program likes, made fit to show. Pure. */

/** Longest command line that is shown, characters. */
const COMMAND_LENGTH = 1000;
/** Longest name: the kernel cuts at 15, other systems do not. */
const NAME_LENGTH = 200;

/** Blanks of any kind, a line break being one: a row of a table is one line. */
const BLANKS = /[\s\u0085]+/g;
/** Controls, and the marks that turn the direction of what follows: a name could dress up as another with them. */
const CONTROLS = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** All of a plain text: nothing is to be done, and that is to be found out quickly. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

const REPLACEMENT = '\uFFFD';

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Half of a character outside the basic plane is none.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 2)) ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

function clean(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(BLANKS, ' ').replaceAll(CONTROLS, REPLACEMENT).trim();
}

/** A name of at most 200 characters; `?` stands for one that holds nothing to show. */
export function sanitizeName(name: string): string {
  const text = cut(clean(name), NAME_LENGTH);
  return text === '' ? '?' : text;
}

/** A command line of at most 1000 characters, its cut marked; null when there is none. */
export function sanitizeCommand(command: string): string | null {
  const text = clean(command);
  return text === '' ? null : cut(text, COMMAND_LENGTH);
}

/** What a process is called by the kernel at most, bytes; longer names are cut. */
const KERNEL_LENGTH = 15;
/** What runtimes call the first thread, and with it the process: says nothing of the program. */
const NAMELESS = new Set(['MainThread', 'node-MainThread', 'GeckoMain']);

/** True when the command line may tell a process' name better than the kernel does. */
export function wantsCommand(name: string): boolean {
  // No character has more than four bytes, so that short names need not be counted out.
  return NAMELESS.has(name) || (name.length * 4 >= KERNEL_LENGTH && Buffer.byteLength(name) >= KERNEL_LENGTH);
}

/**
 * The name for a person: the kernel's, unless that is cut and the program's own begins so, or it is that of a thread.
 * `first` is the first argument, by custom the program.
 */
export function nameOf(name: string, first: string): string {
  const program = first.slice(first.lastIndexOf('/') + 1);
  if (NAMELESS.has(name)) return sanitizeName(program === '' ? name : program);
  if (!program.startsWith(name)) return sanitizeName(name);
  // What programs write over their arguments goes on after the name: "worker: idle".
  const end = program.indexOf(' ', name.length);
  return sanitizeName(end < 0 ? program : program.slice(0, end));
}
