/** How much anybody may ask of the server. Times in ms. */
export interface ServerLimits {
  /** Open connections, overall and from one address (an IPv6 /64 counts as one). */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Requests a minute, overall and from one address. */
  readonly requests: number;
  readonly requestsPerAddress: number;
  /** Bytes of a request's head and body. */
  readonly head: number;
  readonly body: number;
  /** A connection must be encrypted, a head complete, and a whole request there by then. */
  readonly handshakeWithin: number;
  readonly headWithin: number;
  readonly requestWithin: number;
  /** Pause between two looks for requests that are late. */
  readonly checkEvery: number;
  /** A connection on which nothing moves ends after this; heartbeats move something. */
  readonly idle: number;
  readonly keepAlive: number;
  readonly requestsPerConnection: number;
  /** Streams of one device, account or token: a handful of tabs. */
  readonly streamsPerIdentity: number;
  /** Numbers in one answer: series × points. */
  readonly points: number;
}

/** The limits of a home or an office. */
export const DEFAULT_LIMITS: ServerLimits = {
  connections: 2000,
  connectionsPerAddress: 100,
  requests: 20_000,
  requestsPerAddress: 1500,
  head: 16 * 1024,
  body: 256 * 1024,
  handshakeWithin: 10_000,
  headWithin: 10_000,
  requestWithin: 20_000,
  checkEvery: 5000,
  idle: 60_000,
  keepAlive: 20_000,
  requestsPerConnection: 1000,
  streamsPerIdentity: 16,
  points: 400_000,
};
