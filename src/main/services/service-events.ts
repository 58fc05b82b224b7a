/** What the timeline says of services that were added, changed or removed: their names, which everyone may see. Pure. */
import type { Service } from '../../shared/services/service-schemas';
import type { EventInput } from '../../shared/timeline/event-schemas';

const toEvent = (type: 'service_added' | 'service_changed' | 'service_removed', { id, name }: Service, what: string): EventInput => ({ type, message: `Service “${name}” ${what}`, details: { service: id } });

/** The events of a change. */
export function serviceEvents(before: readonly Service[], after: readonly Service[]): readonly EventInput[] {
  const old = new Map(before.map((service) => [service.id, service]));
  const now = new Set(after.map(({ id }) => id));
  const removed = before.filter(({ id }) => !now.has(id)).map((service) => toEvent('service_removed', service, 'removed'));
  const others = after.flatMap((service) => {
    const earlier = old.get(service.id);
    if (earlier === undefined) return [toEvent('service_added', service, 'added')];
    if (JSON.stringify(earlier) === JSON.stringify(service)) return [];
    const what = earlier.enabled === service.enabled ? 'changed' : service.enabled ? 'switched on' : 'switched off';
    return [toEvent('service_changed', service, what)];
  });
  return [...removed, ...others];
}
