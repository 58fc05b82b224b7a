/** Names and rules of the cookies. */

/** What a cookie is set with; the words of Set-Cookie. */
export interface CookieRules {
  readonly name: string;
  readonly options: { readonly path: string; readonly httpOnly: true; readonly secure: boolean; readonly sameSite: 'strict'; readonly maxAge?: number };
}

/** Where the refresh token is sent to, and nowhere else. */
export const AUTH_PATH = '/api/auth';

const rules = (name: string, path: string, secure: boolean, maxAge?: number): CookieRules => ({
  name,
  options: { path, httpOnly: true, secure, sameSite: 'strict', ...(maxAge === undefined ? {} : { maxAge }) },
});

/**
 * The access token's cookie, for the life of the browser's session: it ends with the token itself. `__Host-` means that no
 * other host or subdomain can set it, and needs TLS; over plain HTTP the name is another, so that a cookie planted by
 * someone on the way is never taken for the real one.
 */
export function accessCookie(secure: boolean): CookieRules {
  return rules(secure ? '__Host-traywatch' : 'traywatch', '/', secure);
}

/** The refresh token's cookie. Its narrow path rules out `__Host-`, which must have `/`. `seconds`: how long it stays. */
export function refreshCookie(secure: boolean, seconds: number): CookieRules {
  return rules(secure ? '__Secure-traywatch-refresh' : 'traywatch-refresh', AUTH_PATH, secure, seconds);
}

/** The ticket of a browser that waits to be let in. */
export function ticketCookie(secure: boolean, seconds: number): CookieRules {
  return rules(secure ? '__Secure-traywatch-pair' : 'traywatch-pair', `${AUTH_PATH}/pair`, secure, seconds);
}
