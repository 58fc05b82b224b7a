/** What the scripts print: one line per fact, and a clear end when something cannot go on. */

/** A failure the person can act on: its message is printed without a stack. */
export class UserError extends Error {}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs a script's main function; a UserError ends it with its message and exit code 1.
 * @param {() => Promise<number>} main resolves to the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof UserError ? error.message : error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
}

/**
 * Shows how far a download is: in place on a terminal, a line per 25 MB elsewhere.
 * @param {string} label
 * @param {number | null} totalBytes null when unknown
 */
export function createProgress(label, totalBytes) {
  const inPlace = process.stdout.isTTY;
  const total = totalBytes === null ? '' : ` of ${toMegabytes(totalBytes)}`;
  let shown = 0;
  return {
    /** @param {number} bytes received so far */
    show(bytes) {
      const megabytes = toMegabytes(totalBytes === null ? bytes : Math.min(bytes, totalBytes));
      if (megabytes < shown + (inPlace ? 1 : 25)) return;
      shown = megabytes;
      process.stdout.write(`${inPlace ? '\r' : ''}${label}: ${megabytes}${total} MB${inPlace ? '' : '\n'}`);
    },
    end() {
      if (inPlace && shown > 0) process.stdout.write('\n');
    },
  };
}

/** @param {number} bytes */
function toMegabytes(bytes) {
  return Math.round(bytes / 1e6);
}
