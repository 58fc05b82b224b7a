/**
 * Room `engine/probes`: asks services whether they answer, and how fast. It is loaded when the first service is set up, by import(),
 * and reached through index.ts; the collector `service` turns the last results into values.
 *
 * It imports src/shared, the engine's clock, the sampler's word on sleep and programs (ping), and Node's modules; `pg` in
 * postgresql.ts alone.
 *
 * This file has the types that others need.
 */
import type { NotMeasured, ProbeResult, Service } from '../../../shared/services/service-schemas';

/** What is known of a service now. */
export interface ServiceRaw {
  /** Id of its series. */
  readonly device: string;
  /** Its name. */
  readonly label: string;
  readonly kind: Service['kind'];
  /** False after several failures in a row, true again after several successes; null while it is not measured. */
  readonly isUp: boolean | null;
  /** Null while it is measured. */
  readonly notMeasured: NotMeasured | null;
  /** The last probe, also one that failed; null before the first, and where nothing is or can be asked. */
  readonly result: ProbeResult | null;
}

/** All services. */
export interface ServicesRaw {
  readonly services: readonly ServiceRaw[];
  /** More than half of the services failed at once: it is this machine that lost its network. Null with too few to say so. */
  readonly networkLost: boolean | null;
}

/** What the collector of services reads from. */
export interface ServiceSource {
  read(): ServicesRaw;
}
