/** Long tables show their first rows, and more as the last ones become visible: each row costs work at each update. */

/** Rows shown at first, and added each time. */
export const ROWS_STEP = 60;
/** Distance to the end at which more rows are loaded, px. */
const NEAR_END = 260;

/** Whether a scroll position is near the end. */
export function isNearEnd({ scrollHeight, scrollTop, clientHeight }: Pick<HTMLElement, 'scrollHeight' | 'scrollTop' | 'clientHeight'>): boolean {
  return scrollHeight - scrollTop - clientHeight < NEAR_END;
}
