/** Limits of the server. Times in ms. */
export interface ServerLimits {
  /** Open connections, overall and per network (`networkOf`). */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Requests a minute, overall and per network. */
  readonly requests: number;
  readonly requestsPerAddress: number;
  /** Bytes of a request's head and body. */
  readonly head: number;
  readonly body: number;
  /** Time until the TLS handshake, the headers and the whole request must be complete. */
  readonly handshakeTimeout: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** Interval of the check for late requests. */
  readonly timeoutCheckInterval: number;
  /** A connection without traffic ends after this; heartbeats count as traffic. */
  readonly idle: number;
  readonly keepAlive: number;
  readonly requestsPerConnection: number;
  /** Open streams of one device or API token: a few tabs. */
  readonly streamsPerIdentity: number;
  /** Numbers in one response: series × points. */
  readonly points: number;
}

/** The limits for a home or an office. */
export const DEFAULT_LIMITS: ServerLimits = {
  connections: 2000,
  connectionsPerAddress: 100,
  requests: 20_000,
  requestsPerAddress: 1500,
  head: 16 * 1024,
  body: 256 * 1024,
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  timeoutCheckInterval: 5000,
  idle: 60_000,
  keepAlive: 20_000,
  requestsPerConnection: 1000,
  streamsPerIdentity: 16,
  points: 400_000,
};
