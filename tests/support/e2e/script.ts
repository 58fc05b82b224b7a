/** What another program on this machine asks of the server: with a token, without a browser. */
import https from 'node:https';

/** The answer to a GET as JSON; the certificate is the machine's own. */
export function getWithToken(port: number, address: string, token: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    https
      .get(`https://127.0.0.1:${port}${address}`, { agent: false, rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(JSON.parse(text)));
      })
      .on('error', reject);
  });
}
