/** Columns of the process table; without the schemas, which the page does not load. */

/** Columns the process table can be sorted by. */
export const PROCESS_COLUMNS = ['name', 'pid', 'cpu', 'memory', 'read', 'written', 'user', 'startedAt', 'command'] as const;
/** A column the process table can be sorted by. */
export type ProcessColumn = (typeof PROCESS_COLUMNS)[number];

/** Maximum number of rows per request. */
export const MOST_PROCESSES = 1000;
