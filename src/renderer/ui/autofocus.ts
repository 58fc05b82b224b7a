/** For `ref`: focuses the element when it appears. For controls that appear in response to an action of the user. */
export function autofocus(element: HTMLElement | null): void {
  element?.focus();
}
