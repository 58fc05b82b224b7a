/** Loads the announcer when it is first needed. */
import { messageOf } from '../../../shared/result';
import type { Announcement, Announcer, MdnsParts } from './announcement';

/** Loads the announcer and starts it; an error of loading is the state `failed`. */
export function startAnnouncer(first: Announcement, parts: MdnsParts): Announcer {
  let announcement = first;
  let isClosed = false;
  const start = async (): Promise<Announcer | null> => {
    try {
      const { MdnsAnnouncer } = await import('./mdns');
      return isClosed ? null : new MdnsAnnouncer(announcement, parts);
    } catch (error) {
      parts.log.error('multicast DNS could not be loaded', { reason: messageOf(error) });
      parts.onState('failed', announcement.host);
      return null;
    }
  };
  const started = start();
  return {
    update(next) {
      announcement = next;
      void started.then((announcer) => announcer?.update(next));
    },
    async close() {
      isClosed = true;
      await (await started)?.close();
    },
  };
}
