/** Names and attributes of the cookies. */

/** A cookie's name and its Set-Cookie attributes; `maxAge` in seconds. */
export interface CookieRules {
  readonly name: string;
  readonly options: { readonly path: string; readonly httpOnly: true; readonly secure: boolean; readonly sameSite: 'strict'; readonly maxAge?: number };
}

/** Path of the sign-in routes, the only ones that get the refresh token. */
export const AUTH_PATH = '/api/auth';

const rules = (name: string, path: string, secure: boolean, maxAge?: number): CookieRules => ({
  name,
  options: { path, httpOnly: true, secure, sameSite: 'strict', ...(maxAge === undefined ? {} : { maxAge }) },
});

/**
 * The access token's cookie, for the life of the browser session; the token itself ends sooner. `__Host-` means that no
 * other host or subdomain can set it, and needs TLS. Over plain HTTP the name is different, so that a cookie injected by
 * an attacker on the network is never taken for the real one.
 */
export function accessCookie(secure: boolean): CookieRules {
  return rules(secure ? '__Host-traywatch' : 'traywatch', '/', secure);
}

/** The refresh token's cookie. Its narrow path rules out `__Host-`, which needs `/`. `seconds`: its lifetime. */
export function refreshCookie(secure: boolean, seconds: number): CookieRules {
  return rules(secure ? '__Secure-traywatch-refresh' : 'traywatch-refresh', AUTH_PATH, secure, seconds);
}

/** The ticket of a browser whose access request is pending. */
export function ticketCookie(secure: boolean, seconds: number): CookieRules {
  return rules(secure ? '__Secure-traywatch-pair' : 'traywatch-pair', `${AUTH_PATH}/pair`, secure, seconds);
}
