/** Addresses of machines. Pure. */
import { THIS_MACHINE } from '../../../shared/machines/this-machine';
import { addressOn, formatRoute } from '../../lib/route';
import type { Route } from '../../lib/route';

/** The machine in addresses: null for the one Traywatch runs on. */
export function otherMachine(id: string): string | null {
  return id === THIS_MACHINE ? null : id;
}

/** The same page of another machine: the same range, but no device, moment or alert of the former one; a page that only this machine has is left for the Overview. */
export function sameOn(route: Route, target: string | null): string {
  if (route.page === 'family') {
    const { family, range, compare } = route;
    return addressOn(target, formatRoute({ page: 'family', family, range, ...(compare === undefined ? {} : { compare }) }));
  }
  if (route.page === 'alerts') return addressOn(target, formatRoute({ page: 'alerts' }));
  const stays = route.page === 'stats' || route.page === 'timeline' || route.page === 'host';
  return addressOn(target, formatRoute(stays ? route : { page: 'overview' }));
}
