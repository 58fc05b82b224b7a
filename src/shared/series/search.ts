/** Binary search in sorted times. */

/** First index in [from, end) whose entry in ascending `times` is at or after `time`; `end` if there is none. */
export function lowerBound(times: ArrayLike<number>, time: number, from = 0, end = times.length): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
