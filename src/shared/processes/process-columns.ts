/** What the page of processes shares with the contract; apart from the schemas, which a page has no use for. */

/** What the table can be sorted by. */
export const PROCESS_COLUMNS = ['name', 'pid', 'cpu', 'memory', 'read', 'written', 'user', 'startedAt', 'command'] as const;
/** What the table can be sorted by. */
export type ProcessColumn = (typeof PROCESS_COLUMNS)[number];

/** Most rows that are told at once; who looks for more searches. */
export const MOST_PROCESSES = 1000;
