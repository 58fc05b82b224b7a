/** Types of vitest.mjs for its tests: those of the runner itself, and what runs it all. */
export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

export interface Result {
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly name: string;
  readonly ms: number;
  readonly reason?: string;
}

export function runDescribed(whyNot: (name: string) => string | null, onResult: (result: Result) => void): Promise<void>;
