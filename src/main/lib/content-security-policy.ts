/** What the renderer's page may load and do, in the window and in a browser alike. */

/** Directives of a content security policy. */
export type ContentSecurityPolicy = Readonly<Record<string, readonly string[]>>;

/** Nothing but what the bundle itself brings; `style-src` has no inline, `connect-src` nobody but its own server. */
export const PAGE_POLICY: ContentSecurityPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The policy as its header's value. */
export function policyText(policy: ContentSecurityPolicy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => [directive, ...sources].join(' '))
    .join('; ');
}
