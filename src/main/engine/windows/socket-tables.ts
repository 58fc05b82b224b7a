/** Tables of GetExtendedTcpTable and GetExtendedUdpTable (iprtrmib.h, tcpmib.h, udpmib.h), alike on x64 and arm64. Pure. */
import { Fields, layoutFault } from './fields';

/** A table of sockets: its protocol and address family. */
export type SocketTable = 'tcp4' | 'tcp6' | 'udp4' | 'udp6';

/** Bytes of a row (MIB_TCPROW_OWNER_PID, MIB_TCP6ROW_OWNER_PID and those of UDP), and where a row of TCP has its state. */
const ROWS = {
  tcp4: { bytes: 24, state: 0 },
  tcp6: { bytes: 56, state: 48 },
  udp4: { bytes: 12, state: null },
  udp6: { bytes: 28, state: null },
} as const satisfies Record<SocketTable, { readonly bytes: number; readonly state: number | null }>;

/** The rows begin after their number. */
const HEADER = 4;

/** Numbers of MIB_TCP_STATE. */
const STATE = { closed: 1, established: 5, closeWait: 8, timeWait: 11, deleted: 12 } as const;

/** Sockets by what they do. */
export interface SocketCounts {
  readonly sockets: number;
  readonly active: number;
  readonly timeWait: number;
}

const ACTIVE: ReadonlySet<number> = new Set([STATE.established, STATE.closeWait]);
/** They are no sockets that a program has open. */
const ENDED: ReadonlySet<number> = new Set([STATE.closed, STATE.deleted]);

function statesOf(fields: Fields, count: number, { bytes, state }: (typeof ROWS)[SocketTable]): number[] {
  return state === null ? [] : Array.from({ length: count }, (_, row) => fields.u32(HEADER + row * bytes + state));
}

/** Counts the rows of a table by state; those of UDP have none. The bytes may be more than the rows. Throws a ParseError. */
export function countSockets(table: Buffer, kind: SocketTable): SocketCounts {
  const fields = new Fields(kind.startsWith('tcp') ? 'MIB_TCPTABLE' : 'MIB_UDPTABLE', table);
  const count = fields.u32(0);
  if (HEADER + count * ROWS[kind].bytes > fields.size) throw layoutFault(fields.structure, `${count} rows in ${fields.size} bytes`);
  const states = statesOf(fields, count, ROWS[kind]);
  if (states.some((state) => state < STATE.closed || state > STATE.deleted)) throw layoutFault(fields.structure, 'a state that is none');
  const timeWait = states.filter((state) => state === STATE.timeWait).length;
  const ended = states.filter((state) => ENDED.has(state)).length;
  return { sockets: count - timeWait - ended, active: states.filter((state) => ACTIVE.has(state)).length, timeWait };
}
