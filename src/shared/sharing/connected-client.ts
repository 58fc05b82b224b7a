/** Who watches over the LAN at this moment, for the desktop. */
import * as z from 'zod';
import { roleSchema } from './access-schemas';

/** A device or a script that has streams open: one entry, however many there are. */
const connectedClientSchema = z.strictObject({
  /** Of the device or the token: what is revoked. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['device', 'token']),
  role: roleSchema,
  /** The account the device signed in with; null for one that was paired, and for a token. */
  account: z.string().nullable(),
  /** Epoch ms; one that comes back at once has not been away. */
  since: z.number(),
  /** Open streams: the tabs of a browser. */
  streams: z.int().min(1),
  /** Seconds between two batches, those of all streams, each once, the shortest first. */
  intervals: z.array(z.int()).readonly(),
  /** Where the streams come from, each once. */
  addresses: z.array(z.string()).readonly(),
});

/** Everybody who watches, who came first standing first. */
export const connectedClientsSchema = z.array(connectedClientSchema).readonly();

/** A device or a script that watches. */
export type ConnectedClient = z.infer<typeof connectedClientSchema>;
