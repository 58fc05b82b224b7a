/** Paths of this machine as Windows programs under Wine see them. */

/**
 * @param {string} file absolute
 * @returns {string}
 */
export function toWindowsPath(file) {
  return `Z:${file.replaceAll('/', '\\')}`;
}
