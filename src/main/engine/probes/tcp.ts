/** Probes a TCP port: whether a connection is accepted, with TLS where wanted, and closed again. */
import { openSocket, placeOf, startTls } from './connect';
import { probed } from './prober';
import type { Prober } from './prober';

/** Connects. Its latency is the time until the connection stands, TLS included. */
export const probeTcp: Prober<'tcp'> = (service, parts) =>
  probed(parts, async (trace) => {
    const plain = await openSocket(service, parts, trace);
    try {
      if (service.tls) await startTls(plain, service.host, service, parts, trace);
      const latency = trace.elapsed();
      return { text: `${service.tls ? 'TLS with' : 'connected to'} ${placeOf(service.host, service.port)}`, latency };
    } finally {
      plain.end();
      plain.destroySoon();
    }
  });
