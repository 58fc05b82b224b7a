/** Selects the rows of the process table: search, sorting, limit. */
import type { ProcessColumn } from '../../../shared/processes/process-columns';
import type { ProcessesQuery, ProcessInfo } from '../../../shared/processes/process-schemas';
import { topK } from './top-k';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';

type ProcessTest = (one: ProcessInfo) => boolean;

/** Tests whether a process has the word in its name, user, command line or container's name, or a process id that begins with it. */
function toWordTest(word: string): ProcessTest {
  const isNumber = /^\d+$/.test(word);
  const includesWord = (text: string | null): boolean => text !== null && text.toLowerCase().includes(word);
  return (one) => includesWord(one.name) || includesWord(one.user) || includesWord(one.command) || includesWord(one.container) || (isNumber && String(one.pid).startsWith(word));
}

/** Test for a search: every word must match; an empty search matches all. */
export function toSearchTest(search: string): ProcessTest {
  const tests = search.toLowerCase().split(/\s+/).filter((word) => word !== '').map(toWordTest);
  return (one) => tests.every((test) => test(one));
}

/** Numbers by size, text by code units in lower case: a collator would block this thread for tens of milliseconds. */
function compareValues(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a).toLowerCase(), String(b).toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Comparison by a column. Missing values come last in both directions; equal ones by process id, so that idle rows do not move. */
export function compareBy(column: ProcessColumn, descending: boolean): (a: ProcessInfo, b: ProcessInfo) => number {
  return (one, other) => {
    const [a, b] = [one[column], other[column]];
    const missing = Number(a === null) - Number(b === null);
    const order = a === null || b === null ? missing : compareValues(a, b) * (descending ? -1 : 1);
    return order === 0 ? one.pid - other.pid : order;
  };
}

/** Processes that match a search. */
async function find(all: readonly ProcessInfo[], search: string, slicing: TimeSlicing): Promise<readonly ProcessInfo[]> {
  if (search.trim() === '') return all;
  const test = toSearchTest(search);
  const found: ProcessInfo[] = [];
  await forEachInSlices(all, (one) => test(one) && found.push(one), slicing);
  return found;
}

/** The rows, and the number of processes that match the search. */
export async function selectProcesses(
  all: readonly ProcessInfo[],
  { search, sort, descending, limit }: ProcessesQuery,
  slicing: TimeSlicing,
): Promise<{ matching: number; processes: readonly ProcessInfo[] }> {
  const found = await find(all, search, slicing);
  return { matching: found.length, processes: topK(found, limit, compareBy(sort, descending)) };
}
