/**
 * The part of the metadata API that the certificate library's helper asks for when it is loaded. The API never became
 * part of the language, so something has to bring it.
 */

type Metadata = Map<unknown, unknown>;

/**
 * Adds `Reflect.getMetadata`, `getOwnMetadata` and `defineMetadata` unless they are there. Values hang on their target
 * and go with it.
 */
export function provideReflectMetadata(): void {
  if ('getMetadata' in Reflect) return;
  const kept = new WeakMap<object, Metadata>();
  const own = (key: unknown, target: object): unknown => kept.get(target)?.get(key);
  const inherited = (key: unknown, target: object | null): unknown =>
    target === null ? undefined : (own(key, target) ?? inherited(key, Reflect.getPrototypeOf(target)));
  const define = (key: unknown, value: unknown, target: object): void => {
    const metadata = kept.get(target) ?? new Map<unknown, unknown>();
    kept.set(target, metadata.set(key, value));
  };
  Object.assign(Reflect, { getOwnMetadata: own, getMetadata: inherited, defineMetadata: define });
}
