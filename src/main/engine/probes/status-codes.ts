/** Status codes that are expected: "200-399", "200, 204". Pure. */

/** True for a code that the text has. */
export function isExpected(code: number, expected: string): boolean {
  return expected.split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number);
    return from <= code && code <= to;
  });
}
