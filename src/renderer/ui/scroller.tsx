/** Scrollable areas that are reachable by keyboard. */
import { useCallback, useState } from 'react';
import type { ReactNode, RefCallback, UIEvent } from 'react';

/** Sizes are rounded: a difference below one pixel is not scrollable, px. */
const ROUNDING = 1;

function overflows({ scrollWidth, clientWidth, scrollHeight, clientHeight }: Element): boolean {
  return scrollWidth > clientWidth + ROUNDING || scrollHeight > clientHeight + ROUNDING;
}

/**
 * Whether an element's content overflows. If so it must be focusable to be scrolled by keyboard: not every browser makes it
 * focusable by itself, and none does if it contains a focusable element.
 */
export function useScrolls(): { readonly ref: RefCallback<HTMLElement>; readonly scrolls: boolean } {
  const [scrolls, setScrolls] = useState(false);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const sizes = new ResizeObserver(() => setScrolls(overflows(element)));
    const observeAll = (): void => {
      sizes.disconnect();
      // The content can grow without a change of the element's own size.
      for (const observed of [element, ...element.children]) sizes.observe(observed);
    };
    const children = new MutationObserver(observeAll);
    children.observe(element, { childList: true });
    observeAll();
    return () => {
      sizes.disconnect();
      children.disconnect();
    };
  }, []);
  return { ref, scrolls };
}

interface ScrollerProps {
  /** Accessible name while it is focusable. */
  readonly label: string;
  readonly className: string;
  readonly id?: string;
  readonly onScroll?: (event: UIEvent<HTMLElement>) => void;
  readonly children: ReactNode;
}

/** A scrollable section; while its content overflows it is focusable and has an accessible name. */
export function Scroller({ label, className, id, onScroll, children }: ScrollerProps) {
  const { ref, scrolls } = useScrolls();
  return (
    <section ref={ref} className={className} id={id} onScroll={onScroll} {...(scrolls ? { tabIndex: 0, 'aria-label': label } : {})}>
      {children}
    </section>
  );
}
