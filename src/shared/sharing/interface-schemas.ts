/** Schema of the machine's network interfaces, for the setting of listen addresses. */
import * as z from 'zod';

/** Kind of an interface, as far as it is known. virtual: of containers, virtual machines and the like. */
const interfaceKindSchema = z.enum(['ethernet', 'wifi', 'tunnel', 'virtual', 'loopback', 'other']);

/** A network interface that is up and has an address. */
const lanInterfaceSchema = z.strictObject({
  /** As the system reports it. */
  name: z.string(),
  kind: interfaceKindSchema,
  addresses: z
    .array(
      z.strictObject({
        address: z.string(),
        family: z.literal([4, 6]),
        /** URL when the server listens there; null for IPv6 link-local addresses, which browsers cannot open. */
        url: z.string().nullable(),
      }),
    )
    .readonly(),
});

/** All interfaces, the most likely reachable first, loopback last. */
export const lanInterfacesSchema = z.array(lanInterfaceSchema).readonly();

/** Kind of an interface. */
export type InterfaceKind = z.infer<typeof interfaceKindSchema>;
/** A network interface that is up and has an address. */
export type LanInterface = z.infer<typeof lanInterfaceSchema>;
