/** For `ref`: focuses the element when it appears. For controls that appear in response to an action of the user. */
export function autofocus(element: HTMLElement | null): void {
  element?.focus();
}

/** The same, unless something else has the focus by then: for what appears later than the action. */
export function autofocusIfNone(element: HTMLElement | null): void {
  if (document.activeElement === null || document.activeElement === document.body) element?.focus();
}
