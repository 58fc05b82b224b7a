/** Types of cache-folder.mjs for its tests. */
export function makeWorkFolder(parent: string): string;
export function publishFolder(finished: string, target: string): void;
export function folderBytes(folder: string): number;
