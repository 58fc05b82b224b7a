/** Addresses of container engines as a person enters them. */

const FORMS = 'must be unix:///path, npipe:////./pipe/name or tcp://host:port';
const MAX_PORT = 65_535;

/** Most characters of an address. */
const MAX_ENDPOINT = 300;
/** Most addresses. */
export const MAX_ENDPOINTS = 10;

/** Why a text is no address of an engine, as the end of a sentence; null where it is one. */
export function endpointProblem(text: string): string | null {
  if (text.length > MAX_ENDPOINT) return `must have at most ${MAX_ENDPOINT} characters`;
  if (/^ssh:/i.test(text)) return 'must not be ssh: forward the socket (ssh -L /tmp/engine.sock:/var/run/docker.sock HOST) and enter unix:///tmp/engine.sock';
  if (/^https:/i.test(text)) return 'must not be https: engines are reached without TLS, through a socket or tcp://host:port';
  if (/^(unix:\/\/\/\S+|npipe:\/\/\S+)$/.test(text)) return null;
  const port = /^(?:tcp|http):\/\/[^\s/@]+:(\d{1,5})\/?$/.exec(text)?.[1];
  if (port === undefined) return FORMS;
  return Number(port) >= 1 && Number(port) <= MAX_PORT ? null : `must have a port from 1 to ${MAX_PORT}`;
}
