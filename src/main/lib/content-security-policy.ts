/** The content security policy (W3C CSP 3) of the page, the same in the window and in a browser. */

/** Directives and their sources. */
export type ContentSecurityPolicy = Readonly<Record<string, readonly string[]>>;

/** Only what is in the bundle: no inline styles or scripts, no connections but to the page's own origin. */
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

/** The policy as the value of its header. */
export function policyText(policy: ContentSecurityPolicy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => [directive, ...sources].join(' '))
    .join('; ');
}
