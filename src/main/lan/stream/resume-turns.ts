/** Turns for sending missed batches: a few at the same time, and one of each identity, so that none can hold all of them. */

/** Gives turns in the order in which they were asked for, where the identity has none already. */
export interface ResumeTurns {
  /** Resolves when the turn begins; `end` must be called after it. */
  begin(identity: string): Promise<void>;
  end(identity: string): void;
}

/** Creates the turns: at most `limit` at a time. */
export function createResumeTurns(limit: number): ResumeTurns {
  const active = new Set<string>();
  const waiting: { readonly identity: string; readonly start: () => void }[] = [];
  const startNext = (): void => {
    const next = active.size < limit ? waiting.findIndex(({ identity }) => !active.has(identity)) : -1;
    const [turn] = next === -1 ? [] : waiting.splice(next, 1);
    if (turn === undefined) return;
    active.add(turn.identity);
    turn.start();
  };
  return {
    begin: (identity) =>
      new Promise((resolve) => {
        waiting.push({ identity, start: resolve });
        startNext();
      }),
    end(identity) {
      active.delete(identity);
      startNext();
    },
  };
}
