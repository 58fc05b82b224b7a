/** For `ref`: takes the focus when the element appears, as what a person has just asked for should. */
export function autofocus(element: HTMLElement | null): void {
  element?.focus();
}
