/** Types of launcher.mjs for its tests. */
export function addLauncher(folder: string): void;
