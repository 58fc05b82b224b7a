/** The rows of the table that a view asked for: searched, sorted, and no more than it shows. */
import type { ProcessColumn } from '../../../shared/processes/process-columns';
import type { ProcessesQuery, ProcessInfo } from '../../../shared/processes/process-schemas';
import { topK } from './top-k';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';

type Test = (one: ProcessInfo) => boolean;

/** True for a process that holds the word in its name, user or command line, or whose number begins so. */
function hasWord(word: string): Test {
  const isNumber = /^\d+$/.test(word);
  const holds = (text: string | null): boolean => text !== null && text.toLowerCase().includes(word);
  return (one) => holds(one.name) || holds(one.user) || holds(one.command) || (isNumber && String(one.pid).startsWith(word));
}

/** Every word of a search must be found; one without words finds all. */
export function toTest(search: string): Test {
  const tests = search.toLowerCase().split(/\s+/).filter((word) => word !== '').map(hasWord);
  return (one) => tests.every((test) => test(one));
}

/** Texts by their letters, numbers by size; a collator would take this thread for tens of milliseconds. */
function compareValues(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a).toLowerCase(), String(b).toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Missing values last whichever way; equal ones by number, so that rows that do nothing stay where they are. */
export function compareBy(column: ProcessColumn, descending: boolean): (a: ProcessInfo, b: ProcessInfo) => number {
  return (one, other) => {
    const [a, b] = [one[column], other[column]];
    const missing = Number(a === null) - Number(b === null);
    const order = a === null || b === null ? missing : compareValues(a, b) * (descending ? -1 : 1);
    return order === 0 ? one.pid - other.pid : order;
  };
}

/** Processes that a search finds. */
async function find(all: readonly ProcessInfo[], search: string, slicing: TimeSlicing): Promise<readonly ProcessInfo[]> {
  if (search.trim() === '') return all;
  const test = toTest(search);
  const found: ProcessInfo[] = [];
  await forEachInSlices(all, (one) => test(one) && found.push(one), slicing);
  return found;
}

/** The rows, and how many the search finds in all. */
export async function selectProcesses(
  all: readonly ProcessInfo[],
  { search, sort, descending, limit }: ProcessesQuery,
  slicing: TimeSlicing,
): Promise<{ matching: number; processes: readonly ProcessInfo[] }> {
  const found = await find(all, search, slicing);
  return { matching: found.length, processes: topK(found, limit, compareBy(sort, descending)) };
}
