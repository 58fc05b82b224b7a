/** Types of update-source.mjs for its tests. */
export function updateSourceOf(env: Readonly<Record<string, string | undefined>>, kind: { readonly isTrial: boolean }): { readonly url: string; readonly key: string; readonly channel: string; readonly isSigned: boolean } | null;
