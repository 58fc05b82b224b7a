/**
 * The part of the Reflect metadata API that the certificate library needs when it is loaded. The API never became part of
 * the language.
 */

type Metadata = Map<unknown, unknown>;

/**
 * Adds `Reflect.getMetadata`, `getOwnMetadata` and `defineMetadata` unless they exist. Values are held weakly by their
 * target.
 */
export function provideReflectMetadata(): void {
  if ('getMetadata' in Reflect) return;
  const store = new WeakMap<object, Metadata>();
  const own = (key: unknown, target: object): unknown => store.get(target)?.get(key);
  const inherited = (key: unknown, target: object | null): unknown =>
    target === null ? undefined : (own(key, target) ?? inherited(key, Reflect.getPrototypeOf(target)));
  const define = (key: unknown, value: unknown, target: object): void => {
    const metadata = store.get(target) ?? new Map<unknown, unknown>();
    store.set(target, metadata.set(key, value));
  };
  Object.assign(Reflect, { getOwnMetadata: own, getMetadata: inherited, defineMetadata: define });
}
