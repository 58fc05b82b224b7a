/** What a browser and the server say to each other while somebody is being let in. */
import * as z from 'zod';
import { passwordSchema, roleSchema } from './access-schemas';

/** What a browser calls itself; made plain on arrival. */
const deviceNameSchema = z.string().max(200).default('');

/** Asks to be let in, with what was typed or what the QR code carried. */
export const pairSchema = z.union([
  z.strictObject({ code: z.string().regex(/^\d{6}$/), name: deviceNameSchema }),
  z.strictObject({ secret: z.string().regex(/^[\w-]{43}$/), name: deviceNameSchema }),
]);

/** Signs in with an account. */
export const loginSchema = z.strictObject({ name: z.string().min(1).max(100), password: passwordSchema, device: deviceNameSchema });

/** Replaces the password of one's own account. */
export const passwordChangeSchema = z.strictObject({ current: passwordSchema, password: passwordSchema });

/** A request that waits for the person at the desktop. */
const pendingSchema = z.strictObject({
  id: z.string(),
  /** The machine whose desktop has to answer. */
  host: z.string(),
  /** Milliseconds; clocks of two machines differ, so no time of day is sent. */
  expiresIn: z.number(),
});

/** How a request stands. */
const requestStateSchema = z.strictObject({ state: z.enum(['pending', 'approved', 'denied', 'expired']) });

/** Who the browser is to the server. */
const identitySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** The account it signed in with, whose password it may change; null for one that was paired. */
  account: z.string().nullable(),
  /** Names of the calls it may use. */
  capabilities: z.array(z.string()).readonly(),
});

/** Who the browser is, null for nobody, and what it can do about that. */
const meSchema = z.strictObject({
  identity: identitySchema.nullable(),
  /** True when there are accounts to sign in with. */
  passwords: z.boolean(),
});

/** A request that waits. */
export type Pending = z.infer<typeof pendingSchema>;
/** How a request stands. */
export type RequestStateResponse = z.infer<typeof requestStateSchema>;
/** Who the browser is to the server. */
export type SignedInIdentity = z.infer<typeof identitySchema>;
/** Who the browser is, null for nobody. */
export type Me = z.infer<typeof meSchema>;
