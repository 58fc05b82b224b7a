import { setTimeout as delay } from 'node:timers/promises';

const deadlineMs = 20_000;
const pauseMs = 25;

/**
 * Asks until there is an answer, for what gives no signal of its own. `undefined` means not yet; an error that is
 * thrown also means not yet, and is told when the time is up.
 */
export async function until<T>(description: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + deadlineMs;
  let lastError: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      lastError = error;
    }
    await delay(pauseMs);
  }
  throw new Error(`not within ${deadlineMs / 1000} s: ${description}`, { cause: lastError });
}
