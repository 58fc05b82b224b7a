/** Recorded cgroups of containers (tests/fixtures/cgroups). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFakeTree } from './fake-tree';
import type { FakeTree, TreeEntries } from './fake-tree';

const FOLDER = join(import.meta.dirname, '../fixtures/cgroups');

/** A recording, and what it is a recording of. */
export interface RecordedCgroup {
  readonly entries: TreeEntries;
  readonly id: string;
  readonly pid: number;
}

/** Reads a recording by its name. */
export function recordedCgroup(name: string): RecordedCgroup {
  const entries = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as TreeEntries;
  const paths = Object.keys(entries).join('\n');
  return { entries, id: /[0-9a-f]{64}/.exec(paths)?.[0] ?? '', pid: Number(/proc\/(\d{2,})\/cgroup/.exec(paths)?.[1]) };
}

/** Writes recordings into a folder that is removed after the test. */
export const cgroupTree = (...recordings: readonly RecordedCgroup[]): FakeTree => createFakeTree(Object.assign({}, ...recordings.map(({ entries }) => entries)) as TreeEntries);

/** An engine's recorded answer to the question for statistics. */
export const recordedStatistics = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, `statistics/${name}.json`), 'utf8'));
