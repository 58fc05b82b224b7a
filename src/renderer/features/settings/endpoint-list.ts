/** Addresses of container engines as they are typed, one a line. */
import { endpointProblem, MAX_ENDPOINTS } from '../../../shared/containers/endpoint';

/** The addresses, each once, or why they cannot be saved. */
export interface ParsedEndpoints {
  readonly endpoints: readonly string[];
  /** As a sentence; null where all are valid. */
  readonly problem: string | null;
}

/** Reads the lines; empty ones do not count. */
export function parseEndpoints(text: string): ParsedEndpoints {
  const lines = text.split('\n').map((line) => line.trim());
  for (const [index, line] of lines.entries()) {
    const problem = line === '' ? null : endpointProblem(line);
    if (problem !== null) return { endpoints: [], problem: `Line ${index + 1} ${problem}.` };
  }
  const endpoints = [...new Set(lines.filter((line) => line !== ''))];
  return { endpoints, problem: endpoints.length > MAX_ENDPOINTS ? `At most ${MAX_ENDPOINTS} engines.` : null };
}
