/** Messages between the processes of the LAN benchmark. */

/** What to serve. */
export interface ServeOrder {
  /** bare: node:http(s) and nothing else; traywatch: the LAN server. */
  readonly kind: 'bare' | 'traywatch';
  readonly tls: boolean;
  /** Pause between two batches and where in it they are made, ms: servers beside each other take turns. */
  readonly every: number;
  readonly phase: number;
  /** About how many bytes a batch has. */
  readonly bytes: number;
  /** Folder for certificate and history. */
  readonly folder: string;
  /** Seconds of history to keep ready for questions; 0 for none. */
  readonly history: number;
}

/** What a server has used so far. */
export interface ServerUse {
  /** Processor seconds, before that collection and after it: the collection is no part of what a server is asked to do. */
  readonly cpu: { readonly before: number; readonly after: number };
  /** Resident bytes after a collection of garbage. */
  readonly rss: number;
  /** Bytes of it that JavaScript holds, and buffers. */
  readonly held: number;
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
  /** Of them, those that never read; each comes anew after a while. */
  readonly deaf: number;
  /** Come and go before anybody stays, a few at a time. */
  readonly passing: number;
}

/** From the driver to the viewers: count from now on, or report the counts. */
export type ViewerOrder = 'count' | 'report';
/** From the viewers to the driver. */
export type ViewerMessage = { readonly ready: true } | { readonly batches: number; readonly delays: readonly number[] };
