/** The machine's network interfaces, for whoever chooses where the LAN server listens. */
import * as z from 'zod';

/** What an interface is, as far as that is known without asking twice. virtual: for containers, virtual machines and the like. */
const interfaceKindSchema = z.enum(['ethernet', 'wifi', 'tunnel', 'virtual', 'loopback', 'other']);

/** A network interface that is up and has an address. */
const lanInterfaceSchema = z.strictObject({
  /** As the system has it. */
  name: z.string(),
  kind: interfaceKindSchema,
  addresses: z
    .array(
      z.strictObject({
        address: z.string(),
        family: z.literal([4, 6]),
        /** What a browser opens when the server listens there; null for an IPv6 link-local address, which no browser can name. */
        url: z.string().nullable(),
      }),
    )
    .readonly(),
});

/** All of them, those a viewer likely reaches first, loopback last. */
export const lanInterfacesSchema = z.array(lanInterfaceSchema).readonly();

/** What an interface is. */
export type InterfaceKind = z.infer<typeof interfaceKindSchema>;
/** A network interface that is up and has an address. */
export type LanInterface = z.infer<typeof lanInterfaceSchema>;
