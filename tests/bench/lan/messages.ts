/** What the benchmark's processes say to each other. */

/** What to serve. */
export interface ServeOrder {
  /** bare: node:http(s) and nothing else; traywatch: the LAN server. */
  readonly kind: 'bare' | 'traywatch';
  readonly tls: boolean;
  /** Batches a second, and about how many bytes each has. */
  readonly hertz: number;
  readonly bytes: number;
  /** Folder for certificate and history. */
  readonly folder: string;
  /** Seconds of history to keep ready for questions; 0 for none. */
  readonly history: number;
}

/** What a server has used so far. */
export interface ServerUse {
  /** Processor seconds. */
  readonly cpu: number;
  /** Resident bytes after a collection of garbage. */
  readonly rss: number;
  readonly viewers: number;
}

/** From the driver to the server: how it stands now. */
export type ServerOrder = 'use';
/** From the server to the driver. */
export type ServerMessage = { readonly port: number } | { readonly use: ServerUse };

/** What to watch. */
export interface WatchOrder {
  readonly port: number;
  readonly tls: boolean;
  readonly viewers: number;
  /** Of them, those that never read. */
  readonly deaf: number;
}

/** From the driver to the viewers: count from now on, or tell what was counted. */
export type ViewerOrder = 'count' | 'tell';
/** From the viewers to the driver. */
export type ViewerMessage = { readonly ready: true } | { readonly batches: number; readonly delays: readonly number[] };
