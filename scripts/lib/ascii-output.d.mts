import type { Plugin } from 'vite';

export declare function toAscii(code: string): string;
export declare function asciiOutput(): Plugin;
