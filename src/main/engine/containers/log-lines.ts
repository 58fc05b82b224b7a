/** The last lines that a container wrote. Pure. */
import { toPlainLine } from '../../../shared/plain-text';

/** Number of lines, and characters of each, that are kept. */
export const LOG_LINES = 5;
const LONGEST = 200;
/** Each frame begins with the stream (0 to 2), three zeros and its length, 32 bits, highest byte first. */
const HEADER = 8;

/** Whether the answer comes in frames; that of a container with a terminal is the text alone. */
function isFramed(body: Buffer): boolean {
  return body.length >= HEADER && (body[0] ?? 3) <= 2 && body[1] === 0 && body[2] === 0 && body[3] === 0;
}

function contentOf(body: Buffer): Buffer {
  if (!isFramed(body)) return body;
  const parts: Buffer[] = [];
  for (let at = 0; at + HEADER <= body.length; ) {
    const end = at + HEADER + body.readUInt32BE(at + 4);
    parts.push(body.subarray(at + HEADER, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** The lines in the answer of `/containers/{id}/logs`: at most five, cut, and visible text only. */
export function parseLogLines(body: Buffer): readonly string[] {
  return contentOf(body)
    .toString()
    .split('\n')
    .map((line) => Array.from(toPlainLine(line)).slice(0, LONGEST).join(''))
    .filter((line) => line !== '')
    .slice(-LOG_LINES);
}
