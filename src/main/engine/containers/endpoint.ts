/** Addresses of container engines, as people, DOCKER_HOST and contexts write them. Pure. */

/** Where an engine listens. `path` is a Unix socket or, on Windows, a named pipe. */
export type Endpoint = { readonly path: string } | { readonly host: string; readonly port: number };

/** An address that was understood, or what is wrong with it. */
export type ParsedEndpoint = { readonly ok: true; readonly endpoint: Endpoint } | { readonly ok: false; readonly reason: string };

/** Docker's port without encryption. */
const PLAIN_PORT = 2375;

const refused = (reason: string): ParsedEndpoint => ({ ok: false, reason });

function parseTcp(address: string): ParsedEndpoint {
  const url = URL.parse(`http://${address}`);
  if (url === null || url.hostname === '' || url.username !== '' || url.pathname !== '/') return refused(`"${address}" is no host with a port.`);
  return { ok: true, endpoint: { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? PLAIN_PORT : Number(url.port) } };
}

/** `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port`, `http://host:port`, or a path. */
export function parseEndpoint(text: string): ParsedEndpoint {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/i.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case '':
      return text.startsWith('/') || text.startsWith('\\\\') ? { ok: true, endpoint: { path: text } } : refused(`"${text}" is no path of a socket.`);
    case 'unix':
      return rest.startsWith('/') ? { ok: true, endpoint: { path: rest } } : refused(`"${text}" is no path of a socket.`);
    case 'npipe':
      return { ok: true, endpoint: { path: rest.replaceAll('\\', '/') } };
    case 'tcp':
    case 'http':
      return parseTcp(rest);
    case 'ssh':
      return refused('Traywatch does not reach engines over SSH. Run Traywatch on that machine, or forward its socket and enter the path.');
    case 'https':
      return refused('Traywatch does not reach engines over TLS. Enter a socket, or a plain tcp:// address.');
    default:
      return refused(`Traywatch does not know addresses that begin with ${scheme}://. Enter a socket, a pipe or a tcp:// address.`);
  }
}

/** The address as it is shown. */
export function endpointText(endpoint: Endpoint): string {
  return 'path' in endpoint ? endpoint.path : `tcp://${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
}
