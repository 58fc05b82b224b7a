/** A build step: scripts of plain ASCII. */

/**
 * The same script with every other character written as an escape, which means the same in strings, templates and regular
 * expressions. Pure.
 * @param {string} code
 * @returns {string}
 */
export function toAscii(code) {
  return code.replaceAll(/(\\*)([^\0-\u007F])/g, (_all, slashes, unit) => {
    // A needless escape before the character would turn into one of the new backslash.
    const kept = slashes.length % 2 === 1 ? slashes.slice(1) : slashes;
    return `${kept}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * Writes chunks in ASCII. V8 keeps the source of what runs, and in two bytes a character as soon as a single one needs
 * them: one typographic apostrophe would double what the program takes.
 * @returns {import('vite').Plugin}
 */
export function asciiOutput() {
  return {
    name: 'ascii-output',
    generateBundle(_options, bundle) {
      for (const part of Object.values(bundle)) if (part.type === 'chunk') part.code = toAscii(part.code);
    },
  };
}
