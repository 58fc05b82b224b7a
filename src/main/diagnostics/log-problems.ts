/**
 * Warnings and errors of the log, for diagnostics. Messages hold paths, names and addresses here and there: of a message only
 * words from a closed list are said, and for everything else stands "…". Pure.
 */
import { constants } from 'node:os';
import { FAMILY_IDS } from '../../shared/metrics/index';

/** A message that was written once or more. */
export interface LogProblem {
  /** When it was written last, epoch ms. */
  readonly time: number;
  readonly level: 'warn' | 'error';
  readonly scope: string;
  readonly text: string;
  /** Code of the system or of SQLite; null where there is none. */
  readonly code: string | null;
  readonly count: number;
}

/** Words of Traywatch's own messages, and of those of Node and SQLite. A new message with another word is said with a gap. */
const WORDS = new Set(
  `a access again alert alerts all an and announced another any app applied are as at autostart back backup be been before begins broken but by call can cannot cause certificate changed check checked
  close closed code collector collectors command compact compacted connection connections core corrupt could created damaged data database decrypted default defaults denied desktop device devices did
  directory disk dns does done due each encrypted end ended ends enough entry error event ex exist exists exited export failed failing fails file files folder for from full function gap growth has have
  header helper here history host icon ignored image in instead interrupted invalid io is it its journal keep kept key known lan last left limit line link list listen listening load loaded lock locked
  log login longer lost made main malformed many mdns memory message minute missing mode module monitoring more moved multicast name names needed new newer newest next no none not nothing notification
  notifications now null object of off old older on once one ones only open opened operation or other out over page parsed part partial pending permission permitted pid port present process processed
  processes program property quarantined queue read reading readonly reached read-only refused remote removed renamed repaired replaced request requests response restore restored retry rollback row rule
  rules run running salvage salvaged salvaging sample samples save saved secret series service server settings setting sharing show shown shut sign-in since size small snapshot socket something start
  started starts state stop stopped store stream subscriber such summary system table taken takes task tasks text than that the them there they time timed timeline timeout times to token too tray turned
  unable unchanged undefined unexpected unknown until update url usable use used user uses valid value version wait waited waiting was webhook webhooks were what when where which while window without work worker
  works write write-ahead written wrong yet
  permissiondenied systemunavailable parseerror`.split(/\s+/),
);

/** Result codes of SQLite (https://sqlite.org/rescode.html), the usual extended ones included. */
const SQLITE_CODES = new Set(
  `SQLITE_ABORT SQLITE_AUTH SQLITE_BUSY SQLITE_BUSY_RECOVERY SQLITE_BUSY_SNAPSHOT SQLITE_BUSY_TIMEOUT SQLITE_CANTOPEN SQLITE_CONSTRAINT SQLITE_CORRUPT SQLITE_CORRUPT_INDEX SQLITE_EMPTY SQLITE_ERROR
  SQLITE_FULL SQLITE_INTERRUPT SQLITE_IOERR SQLITE_IOERR_FSYNC SQLITE_IOERR_LOCK SQLITE_IOERR_READ SQLITE_IOERR_SHMMAP SQLITE_IOERR_SHORT_READ SQLITE_IOERR_WRITE SQLITE_LOCKED SQLITE_MISMATCH
  SQLITE_MISUSE SQLITE_NOLFS SQLITE_NOMEM SQLITE_NOTADB SQLITE_PERM SQLITE_PROTOCOL SQLITE_RANGE SQLITE_READONLY SQLITE_READONLY_CANTINIT SQLITE_READONLY_DBMOVED SQLITE_SCHEMA SQLITE_TOOBIG`.split(/\s+/),
);

const FAMILIES: ReadonlySet<string> = new Set(FAMILY_IDS);

/** The code in an error or a message; null where none of the known ones is in it. */
export function codeIn(text: string): string | null {
  return text.match(/\b[A-Z][A-Z0-9_]+\b/g)?.find((word) => Object.hasOwn(constants.errno, word) || SQLITE_CODES.has(word)) ?? null;
}

/** The known words of a text, in order, with "…" for runs of others. `secrets`: words that are never said, in lower case. */
export function knownWords(text: string, secrets: ReadonlySet<string>): string {
  const parts = text.split(/\s+/).filter((part) => part !== '').map((part) => {
    const [, before = '', word = '', after = ''] = /^([("“]?)([A-Za-z]+(?:-[a-z]+)?)(?:[’'](?:s|t))?([.,:;)"”]*)$/.exec(part) ?? [];
    const plain = word.toLowerCase();
    return (WORDS.has(plain) || FAMILIES.has(word)) && !secrets.has(plain) ? `${before}${word}${after}` : '…';
  });
  return parts.filter((part, index) => part !== '…' || parts[index - 1] !== '…').join(' ');
}

/** A line of the log as far as it is used. */
interface Line {
  readonly time: number;
  readonly level: 'warn' | 'error';
  readonly scope: string;
  readonly message: string;
  readonly fields: string;
}

/** A line with a problem; null for any other. */
function parseLine(line: string): Line | null {
  try {
    const { time, level, scope, message, fields } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    if ((level !== 'warn' && level !== 'error') || typeof scope !== 'string' || typeof message !== 'string' || Number.isNaN(at)) return null;
    return { time: at, level, scope, message, fields: fields === undefined ? '' : JSON.stringify(fields) };
  } catch {
    return null;
  }
}

/** The last kinds of problems in a log, oldest first, at most `limit`; the same one is counted. `text`: JSON lines; `secrets` as in knownWords. */
export function logProblems(text: string, secrets: ReadonlySet<string>, limit: number): readonly LogProblem[] {
  const found = new Map<string, LogProblem>();
  for (const line of text.split('\n')) {
    const parsed = parseLine(line);
    if (parsed === null) continue;
    const problem = { time: parsed.time, level: parsed.level, scope: knownWords(parsed.scope, secrets), text: knownWords(parsed.message, secrets), code: codeIn(`${parsed.message} ${parsed.fields}`) };
    const key = JSON.stringify([problem.level, problem.scope, problem.text, problem.code]);
    const count = (found.get(key)?.count ?? 0) + 1;
    // Moved to the end, so that the order is that of the last time.
    found.delete(key);
    found.set(key, { ...problem, count });
  }
  return [...found.values()].slice(-limit);
}

/** The last lines with a problem as they stand in the log, at most `limit`. */
export function problemLines(text: string, limit: number): readonly string[] {
  return text.split('\n').filter((line) => parseLine(line) !== null).slice(-limit);
}
