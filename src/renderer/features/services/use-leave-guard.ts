/** Warns before unsaved changes are lost by following a link. */
import { useEffect, useState } from 'react';

/** The address that a link would lead to while there are unsaved changes; null while nobody wants to leave. */
export interface LeaveGuard {
  readonly wanted: string | null;
  /** Asks before leaving to an address. */
  ask(address: string): void;
  stay(): void;
}

/** Holds links to other pages back while `isDirty`. */
export function useLeaveGuard(isDirty: boolean): LeaveGuard {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (!isDirty) return undefined;
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
      const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
      if (link === null || !isPlain || link.closest('[data-leave]') !== null) return;
      event.preventDefault();
      setWanted(link.getAttribute('href'));
    };
    document.addEventListener('click', onClick, { capture: true });
    return () => document.removeEventListener('click', onClick, { capture: true });
  }, [isDirty]);
  return { wanted: isDirty ? wanted : null, ask: setWanted, stay: () => setWanted(null) };
}
