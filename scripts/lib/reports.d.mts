/** Types of reports.mjs for its tests. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
export function readVitestCounts(file: string): Counts | null;
export function readPlaywrightCounts(file: string): Counts | null;
export function readCounts(file: string): Counts | null;
export function sumCounts(counts: Counts[]): Counts;
