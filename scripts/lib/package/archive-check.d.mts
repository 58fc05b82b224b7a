/** Types of archive-check.mjs for its tests. */
export function findMissingModules(files: readonly string[], read: (file: string) => string, existsInCheckout: (file: string) => boolean): string[];
export function checkArchive(archive: string, root: string): void;
