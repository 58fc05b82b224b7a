/** What a PostgreSQL server is asked, and what its answers and errors mean. Pure. */
import * as z from 'zod';
import { ProbeError } from './prober';
import type { Found, ProbeFault } from './prober';

/**
 * Connections of clients but for the one that asks (pg_stat_activity), how many there may be for users who are no superusers,
 * and how far a standby is behind. A role that is not a member of pg_read_all_stats sees the connections of others as
 * rows without a type and a state: those that have a database and a user are counted, and how many are hidden is told. A standby
 * that has replayed all is not behind only as long as something sends it more. For PostgreSQL 10 and later;
 * reserved_connections is from 16 on.
 */
const COUNTS = `SELECT
  count(*) FILTER (WHERE is_client)::int AS used,
  count(*) FILTER (WHERE is_client AND state = 'active')::int AS active,
  count(*) FILTER (WHERE is_client AND state LIKE 'idle in transaction%')::int AS idle_in_transaction,
  count(*) FILTER (WHERE is_client AND backend_type IS NULL)::int AS hidden,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) AS most,
  pg_is_in_recovery() AS is_standby,
  CASE WHEN NOT pg_is_in_recovery() THEN NULL
    WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver) THEN 0
    ELSE greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())) END::float8 AS lag,
  current_setting('server_version') AS version
FROM (SELECT state, backend_type,
  (backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL AND usesysid IS NOT NULL)) AND pid <> pg_backend_pid() AS is_client
  FROM pg_stat_activity) AS seen`;

/**
 * The whole question as one message. What is set in its transaction ends with it, so that nothing is left behind in a pool of
 * connections, and poolers that refuse settings at the start of a connection have none to refuse. `timeout` in ms.
 */
export function questionOf(timeout: number): string {
  return `BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeout))}; ${COUNTS}; COMMIT`;
}

const count = z.int().min(0);
const rowSchema = z.object({
  used: count,
  active: count,
  idle_in_transaction: count,
  hidden: count,
  most: z.int(),
  is_standby: z.boolean(),
  lag: z.number().nullable(),
  version: z.string(),
});

/** An answer, with what is told of it line by line. Throws a ProbeError for one that is none: something else than PostgreSQL. */
export function toAnswer(row: unknown, latency: number): { readonly found: Found; readonly details: readonly string[] } {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) throw new ProbeError('badAnswer', 'the server does not tell its connections as PostgreSQL does');
  const { used, active, idle_in_transaction: idle, hidden, most, is_standby: isStandby, lag, version } = parsed.data;
  const canSee = hidden === 0;
  const states = canSee ? `, ${active} active, ${idle} idle in a transaction` : '';
  const details = [
    `PostgreSQL ${version}${isStandby ? ', a standby' : ''}`,
    `Connections: ${used} of ${most}${states}`,
    ...(canSee ? [] : [`What ${hidden} of them do is hidden from this user; to see it: GRANT pg_monitor TO the user`]),
    ...(isStandby ? [lag === null ? 'The standby has replayed nothing yet' : `The standby is ${lag.toFixed(1)} s behind`] : []),
  ];
  const found: Found = {
    text: `${used} of ${most} connections`, latency, connections: used, connectionsMax: most,
    // A part of them would be too few.
    connectionsActive: canSee ? active : null, connectionsIdleInTransaction: canSee ? idle : null, replicationLagSeconds: lag,
  };
  return { found, details };
}

/** Fields of an error of the server (PostgreSQL's documentation, 55.8), as far as they do not depend on its language. */
export interface ServerError {
  readonly code: string;
  /** Name of the function that raised it; null where it is not told. */
  readonly routine: string | null;
}

/** The part of an error of `pg` that the server sent; null for another error. */
export function serverErrorOf(error: unknown): ServerError | null {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error) || typeof error.code !== 'string') return null;
  return { code: error.code, routine: 'routine' in error && typeof error.routine === 'string' ? error.routine : null };
}

/** Whom is asked for what, for the words of a fault. */
interface Asked {
  readonly where: string;
  readonly user: string;
  readonly database: string;
  readonly isEncrypted: boolean;
}

type Words = readonly [ProbeFault, (asked: Asked) => string];

/** By SQLSTATE (appendix A). */
const BY_CODE: Readonly<Record<string, Words>> = {
  '28P01': ['authentication', ({ user, where }) => `the password of "${user}" is wrong, says ${where}`],
  '28000': ['authentication', ({ user, where }) => `${where} does not let "${user}" in`],
  '3D000': ['other', ({ database, where }) => `there is no database "${database}" on ${where}`],
  '42501': ['notPermitted', ({ user, database }) => `"${user}" has no right to connect to the database "${database}"`],
  '53300': ['tooManyConnections', ({ where }) => `${where} has no connection left`],
  '57P03': ['refused', ({ where }) => `${where} is starting or stopping, and takes no connections`],
  '57P01': ['reset', ({ where }) => `${where} was stopped while it was asked`],
  '57014': ['timeout', ({ where }) => `${where} did not answer the question in time`],
};

/** No line of pg_hba.conf lets this machine in: raised there, whatever the language. */
const NO_ENTRY: Words = [
  'notPermitted',
  ({ user, where, isEncrypted }) => `${where} does not let "${user}" in from this machine${isEncrypted ? '' : ' without TLS'} (pg_hba.conf)`,
];

/** Whether a server with an error has no connection left for anyone, rather than for one role or database. */
export const isFull = ({ code, routine }: ServerError): boolean => code === '53300' && (routine === null || !/^(InitializeSessionUserId|CheckMyDatabase)$/.test(routine));

/** The fault of a server's error. Its message is not repeated: it is in the language of the server, and may quote what was sent. */
export function toServerFault(error: ServerError, asked: Asked): ProbeError {
  const known = error.code === '28000' && error.routine === 'ClientAuthentication' ? NO_ENTRY : BY_CODE[error.code];
  if (known === undefined) return new ProbeError('other', `${asked.where} refuses with the error ${error.code}`);
  return new ProbeError(known[0], known[1](asked));
}
