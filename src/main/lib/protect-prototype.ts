/** Protects what all objects share from properties that come from outside. */

/**
 * From now on nothing can be added to Object.prototype. Node's list of network interfaces would: with an interface named
 * `__proto__` it adds addresses to every object of this program, and nothing that checks the keys of an object works any
 * more. Call before anything else. What is there already can still be replaced, as some packages do.
 */
export function protectPrototype(): void {
  Object.preventExtensions(Object.prototype);
}
