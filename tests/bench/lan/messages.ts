/** Messages between the benchmark and its child processes. */

/** Options of a server. */
export interface ServerOptions {
  /** bare: node:http(s) and nothing else; traywatch: the LAN server. */
  readonly kind: 'bare' | 'traywatch';
  readonly tls: boolean;
  /** Interval of batches and its phase, ms: servers measured side by side take turns. */
  readonly every: number;
  readonly phase: number;
  /** Approximate size of a batch, bytes. */
  readonly bytes: number;
  /** Folder for certificate and history. */
  readonly folder: string;
  /** Seconds of stored history for queries; 0 for none. */
  readonly history: number;
}

/** Resource usage of a server so far. */
export interface ServerUse {
  /** CPU seconds before and after the garbage collection, which is not part of a server's work. */
  readonly cpu: { readonly before: number; readonly after: number };
  /** Resident bytes after a garbage collection. */
  readonly rss: number;
  /** Bytes of JavaScript's heap and buffers. */
  readonly heapBytes: number;
  readonly clients: number;
}

/** Command to a server: report the usage. */
export type ServerCommand = 'use';
/** Message of a server. */
export type ServerMessage = { readonly port: number } | { readonly use: ServerUse };

/** Options of the clients. */
export interface ClientOptions {
  readonly port: number;
  readonly tls: boolean;
  readonly clients: number;
  /** Clients of them that never read; each reconnects after a while. */
  readonly unresponsive: number;
  /** Clients that connect and disconnect before the others, a few at a time. */
  readonly warmUp: number;
}

/** Command to the clients: count from now on, or report what was counted. */
export type ClientCommand = 'count' | 'report';
/** Message of the clients. */
export type ClientMessage = { readonly ready: true } | { readonly batches: number; readonly delays: readonly number[] };
