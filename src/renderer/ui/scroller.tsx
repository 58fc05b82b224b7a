import { useCallback, useState } from 'react';
import type { ReactNode, RefCallback, UIEvent } from 'react';

/** Layout is rounded; a part of a pixel is nothing to scroll to. */
const ROUNDING = 1;

function overflows({ scrollWidth, clientWidth, scrollHeight, clientHeight }: Element): boolean {
  return scrollWidth > clientWidth + ROUNDING || scrollHeight > clientHeight + ROUNDING;
}

/**
 * Whether an element has more in it than it shows. Then it takes the focus, for keys move what has it: not every browser
 * gives it by itself, and none where something in it can have it.
 */
export function useScrolls(): { readonly ref: RefCallback<HTMLElement>; readonly scrolls: boolean } {
  const [scrolls, setScrolls] = useState(false);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const sizes = new ResizeObserver(() => setScrolls(overflows(element)));
    const follow = (): void => {
      sizes.disconnect();
      // What is in it grows without the box itself changing its size.
      for (const one of [element, ...element.children]) sizes.observe(one);
    };
    const children = new MutationObserver(follow);
    children.observe(element, { childList: true });
    follow();
    return () => {
      sizes.disconnect();
      children.disconnect();
    };
  }, []);
  return { ref, scrolls };
}

interface ScrollerProps {
  /** What is in it, for who hears that the focus is here. */
  readonly label: string;
  readonly className: string;
  readonly id?: string;
  readonly onScroll?: (event: UIEvent<HTMLElement>) => void;
  readonly children: ReactNode;
}

/** A box that scrolls; while it does, the keys reach it and it has a name. */
export function Scroller({ label, className, id, onScroll, children }: ScrollerProps) {
  const { ref, scrolls } = useScrolls();
  return (
    <section ref={ref} className={className} id={id} onScroll={onScroll} {...(scrolls ? { tabIndex: 0, 'aria-label': label } : {})}>
      {children}
    </section>
  );
}
