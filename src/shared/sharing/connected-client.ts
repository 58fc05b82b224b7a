/** Schema of the clients connected over the network now. */
import * as z from 'zod';
import { roleSchema } from './access-schemas';

/** A device or API token with open streams: one entry, however many there are. */
const connectedClientSchema = z.strictObject({
  /** Id of the device or token, which can be revoked. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['device', 'token']),
  role: roleSchema,
  /** The account of the device; null for a paired browser and for a token. */
  account: z.string().nullable(),
  /** Epoch ms; reconnecting at once does not count as away. */
  since: z.number(),
  /** Open streams: the tabs of a browser. */
  streams: z.int().min(1),
  /** Update intervals of the streams, seconds: each once, ascending. */
  intervals: z.array(z.int()).readonly(),
  /** Client addresses of the streams, each once. */
  addresses: z.array(z.string()).readonly(),
});

/** All connected clients, the longest connected first. */
export const connectedClientsSchema = z.array(connectedClientSchema).readonly();

/** A device or API token with open streams. */
export type ConnectedClient = z.infer<typeof connectedClientSchema>;
