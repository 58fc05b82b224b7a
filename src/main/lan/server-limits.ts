/** Limits of the server. Times in ms. */
export interface ServerLimits {
  /** Open connections, overall and per network (`networkOf`). */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Requests a minute: overall, per network, and of one identity (`holderOf`). */
  readonly requests: number;
  readonly requestsPerAddress: number;
  readonly requestsPerIdentity: number;
  /** So many requests a minute of each network pass whatever others send. */
  readonly fairRequests: number;
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
  /** Answers being made or sent: overall, of one identity (`holderOf`), and, for public routes, of one network. */
  readonly answers: number;
  readonly answersPerIdentity: number;
  readonly answersPerNetwork: number;
  /** Bytes of answers that clients have not read yet, overall and of one identity (`holderOf`). */
  readonly answerBytes: number;
  readonly answerBytesPerIdentity: number;
  /** How long a large answer waits for room before it is refused. */
  readonly answerWait: number;
  /** The connection of an answer that was not read completely within this time ends. */
  readonly sendTimeout: number;
}

/** The limits for a home or an office. */
export const DEFAULT_LIMITS: ServerLimits = {
  connections: 2000,
  connectionsPerAddress: 100,
  requests: 20_000,
  requestsPerAddress: 1500,
  requestsPerIdentity: 3000,
  fairRequests: 150,
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
  // The page asks for up to 200 series of 730 points.
  points: 150_000,
  answers: 256,
  answersPerIdentity: 24,
  answersPerNetwork: 96,
  answerBytes: 96 * 1024 * 1024,
  answerBytesPerIdentity: 32 * 1024 * 1024,
  answerWait: 5000,
  sendTimeout: 120_000,
};
