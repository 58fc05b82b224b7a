/** Checks the head of a request for what HTTP forbids and Node's parser takes. Pure. */

/** Headers of which only one may be sent (RFC 9112, 3.2, for Host): the server would use one, a proxy before it perhaps another. */
const SINGLE = new Set(['host', 'authorization', 'content-type', 'content-length', 'origin', 'sec-fetch-site', 'sec-fetch-mode']);

/** A header's name (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** What is wrong with the headers, which are names and values in turn; null for nothing. */
export function headProblem(headers: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase();
    if (!TOKEN.test(name)) return 'malformed header name';
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return `more than one ${name} header`;
    seen.add(name);
  }
  return null;
}
