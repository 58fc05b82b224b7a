/** Why a call failed, as a form shows it: a sentence, without the path of the field it stands beside. No schema is here. */

/** "alerts.keepEvents: Enter a number". Text after a colon that is no path, such as a file's name, stays. */
const FIELD = /^(?:[a-z]\w*)(?:\.\w+)*: (?=\S)/;

/** "must not be empty" → "Must not be empty." A file's name or an address at the start stays as it is. */
export function toSentence(text: string): string {
  const start = /^[a-z]+(?![\w./:-])/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}

/** The reasons of a failed call, each with the path of its field where it is about one. */
const reasonsOf = (message: string): readonly string[] => message.split(/; (?=(?:[a-z]\w*)(?:\.\w+)*: )/);

/** The first reason of a failed call. */
export function problemText(message: string): string {
  const [first = message] = reasonsOf(message);
  return toSentence(first.replace(FIELD, ''));
}

/** The reason that is about a field of this name; undefined where there is none. */
export function problemAt(message: string, field: string): string | undefined {
  const found = reasonsOf(message).find((reason) => reason.startsWith(`${field}: `));
  return found === undefined ? undefined : problemText(found);
}
