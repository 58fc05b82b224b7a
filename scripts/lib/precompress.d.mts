import type { Plugin } from 'vite';

/** Writes `name.br` and `name.gz` for each text file of a folder and its folders. */
export function precompress(folder: string): Promise<void>;

/** The same as a step of a Vite build. */
export function precompressPlugin(): Plugin;
