/** How Windows refuses to rename a file that another program has open. */

/**
 * Codes of the errors, as Node names them: ERROR_SHARING_VIOLATION is EBUSY, ERROR_ACCESS_DENIED and ERROR_LOCK_VIOLATION are EPERM,
 * EACCES or EBUSY (libuv, uv_translate_sys_error). None on other systems, where open files do not hinder a rename.
 */
export function heldCodes(platform: NodeJS.Platform = process.platform): ReadonlySet<string> {
  return new Set(platform === 'win32' ? ['EPERM', 'EACCES', 'EBUSY'] : []);
}
