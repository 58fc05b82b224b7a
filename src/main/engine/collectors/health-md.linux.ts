/** Software RAID from /proc/mdstat (md(4); written by md_seq_show and status_resync of drivers/md/md.c). */
import type { DeviceState } from '../../../shared/metrics/device-state';
import { formatValue } from '../../../shared/units';
import type { HealthDevice } from './health';

/** What runs on an array. */
interface Sync {
  readonly action: string;
  /** Percent; null while it waits for its turn. */
  readonly progress: number | null;
  /** "resync runs at 116 MiB/s, 62 min left". */
  readonly text: string;
}

/** The lines of one array. */
interface MdArray {
  readonly name: string;
  /** active, inactive, broken. */
  readonly run: string;
  /** `raid1`; null for an inactive one whose personality is not loaded. */
  readonly level: string | null;
  /** Names of its members, with what md says in parentheses behind them: (F) failed, (S) spare, (J) journal, (W), (R). */
  readonly members: readonly { readonly name: string; readonly flags: string }[];
  /** Members it has when complete, and those that work; null for a level without redundancy. */
  readonly wanted: number | null;
  readonly working: number | null;
  /** A container of metadata of another make (Intel, DDF), which holds arrays and is always inactive itself. */
  readonly isContainer: boolean;
  readonly sync: Sync | null;
}

/** So many missing members the levels bear that say it; how many RAID 10 bears depends on which they are. */
const BEARABLE: Readonly<Record<string, number>> = { raid4: 1, raid5: 1, raid6: 2 };

const HEAD = /^(md\S*) : (\w+)(?: \((?:auto-)?read-only\))?(?: (raid\d+|linear|multipath|faulty))?\b/;
const MEMBER = /(\S+)\[\d+\]((?:\([A-Z]\))*)/g;
const RUNNING = /\b(recovery|resync|reshape|check) = *(\d+(?:\.\d+)?)%(?:.*?\bfinish=(\d+(?:\.\d+)?)min)?(?:.*?\bspeed=(\d+)K\/sec)?/;
const WAITING = /\b(recovery|resync|reshape|check)=(DELAYED|PENDING|REMOTE)/;

const WAITS: Readonly<Record<string, string>> = { DELAYED: 'waits for another array', PENDING: 'begins with the next write', REMOTE: 'runs on another machine' };

function syncOf(text: string): Sync | null {
  const [, action, percent, minutes, speed] = RUNNING.exec(text) ?? [];
  if (action !== undefined) {
    const parts = [speed === undefined ? '' : ` runs at ${formatValue(Number(speed) * 1024, 'bytesPerSecond')}`, minutes === undefined ? '' : `, ${Math.round(Number(minutes))} min left`];
    return { action, progress: Math.min(100, Number(percent)), text: `${action}${parts.join('')}` };
  }
  const [, waiting, how] = WAITING.exec(text) ?? [];
  return waiting === undefined || how === undefined ? null : { action: waiting, progress: null, text: `${waiting} ${WAITS[how] ?? 'waits'}` };
}

/** One array, from its lines: the first has its name and members, and in kernels of old what comes below as well. Null where that is none. */
function arrayOf(block: string): MdArray | null {
  const head = block.split('\n', 1)[0] ?? '';
  const [found, name, run, level] = HEAD.exec(head) ?? [];
  if (found === undefined || name === undefined || run === undefined) return null;
  const [, wanted, working] = /\[(\d+)\/(\d+)\] \[[U_]+\]/.exec(block) ?? [];
  return {
    name,
    run,
    level: level ?? null,
    members: [...head.slice(found.length).matchAll(MEMBER)].map(([, member = '', flags = '']) => ({ name: member, flags })),
    wanted: wanted === undefined ? null : Number(wanted),
    working: working === undefined ? null : Number(working),
    isContainer: /\bsuper external:[^/\s]/.test(block) && run === 'inactive',
    sync: syncOf(block),
  };
}

/** The arrays in the order of the file: a line that begins with the name, and those below it up to the next. */
function arraysOf(text: string): MdArray[] {
  const blocks = text.split(/^(?=md\S* : )/m).filter((block) => block.startsWith('md'));
  return blocks.map(arrayOf).filter((array) => array !== null).filter(({ isContainer }) => !isContainer);
}

/** "1 of 3 members missing (sdb1 failed)". */
function missingText(missing: number, { wanted, members }: MdArray): string {
  const failed = members.filter(({ flags }) => flags.includes('(F)')).map(({ name }) => name);
  return `${missing} of ${wanted ?? 0} members missing${failed.length === 0 ? '' : ` (${failed.join(', ')} failed)`}`;
}

type Judged = Pick<HealthDevice, 'state' | 'values'>;

const stateOf = (code: DeviceState['code'], ...reasons: readonly string[]): DeviceState => {
  const reason = reasons.filter((one) => one !== '').join('; ');
  return reason === '' ? { code } : { code, reason };
};

function judge(array: MdArray): Judged {
  const { run, level, wanted, working, sync } = array;
  if (run === 'broken') return { state: { code: 'failed', reason: 'a member is gone, and this level has no copy of it' }, values: { failing: 2 } };
  // While its members are being found, or for good where only some are there, such as an old disk in a dock: no data is lost by that.
  if (run !== 'active') return { state: { code: 'unavailable', reason: 'the array is not running' }, values: { failing: 1 } };
  const missing = wanted === null || working === null ? 0 : Math.max(0, wanted - working);
  const reason = sync?.text ?? '';
  if (level !== null && missing > (BEARABLE[level] ?? Infinity)) return { state: stateOf('failed', missingText(missing, array)), values: { failing: 2 } };
  const progress = sync?.progress ?? null;
  // A recovery that waits is called a resync as well.
  const isRepaired = sync !== null && (sync.action === 'recovery' || sync.progress === null);
  const degraded = wanted === null ? null : missing === 0 ? 0 : isRepaired ? 1 : 2;
  const values = { failing: 0, degraded, progress };
  if (missing > 0) return { state: stateOf(degraded === 1 ? 'rebuilding' : 'degraded', missingText(missing, array), reason), values };
  if (sync === null) return { state: { code: 'healthy' }, values };
  return { state: stateOf(sync.action === 'check' ? 'checking' : 'rebuilding', reason), values };
}

/** The arrays that the file lists. Containers of other makes are left out: the arrays in them are listed as well. */
export function parseMdstat(text: string): HealthDevice[] {
  return arraysOf(text).map((array) => {
    const members = array.members.map(({ name }) => name).toSorted();
    return { id: `md:${array.name}`, label: array.name, detail: [array.level ?? 'array', ...(members.length === 0 ? [] : [members.join(', ')])].join(' · '), ...judge(array) };
  });
}
