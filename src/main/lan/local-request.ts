/**
 * Whether a program on this machine sent a request itself. A reverse proxy or a tunnel on this machine also connects from a
 * loopback address, on behalf of anyone. Pure.
 */
import { isLoopback } from '../access/addresses';

/** What of a request is looked at. */
export interface LocalRequestFacts {
  /** Both ends of the connection. */
  readonly peer: string;
  readonly local: string;
  readonly httpVersion: string;
  readonly host: string | undefined;
  /** Names and values in turn, as sent (`rawHeaders`). */
  readonly headers: readonly string[];
}

/**
 * Headers that programs and browsers send by themselves. Any other may come from a proxy: each proxy has its own, so a list
 * of theirs would never be complete.
 */
const OWN_HEADERS =
  /^(host|connection|keep-alive|user-agent|authorization|accept(-encoding|-language|-charset)?|cache-control|pragma|te|dnt|priority|cookie|origin|referer|if-(none-match|modified-since)|upgrade-insecure-requests|x-prometheus-scrape-timeout-seconds|x-traywatch-client|traceparent|tracestate|baggage|sec-(fetch|ch)-[a-z0-9-]+|sec-(gpc|purpose))$/i;

/**
 * Names that mean this machine on the machine itself; the Host check has refused those of other machines. A tunnel that
 * passes the public name on asks for one with dots.
 */
const LOCAL_HOST = /^([a-z0-9_-]+(\.local)?|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** True where nothing about the request shows that it was passed on. HTTP/1.0 is what nginx speaks to servers behind it unless told otherwise. */
export function isFromThisMachine({ peer, local, httpVersion, host, headers }: LocalRequestFacts): boolean {
  if (!isLoopback(peer) || !isLoopback(local) || httpVersion === '1.0') return false;
  return LOCAL_HOST.test(host ?? '') && headers.every((name, at) => at % 2 === 1 || OWN_HEADERS.test(name));
}
