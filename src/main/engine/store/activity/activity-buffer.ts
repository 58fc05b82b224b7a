/** What of the journal waits for the disk, bounded: a disk that stays full must not fill the memory. */
import type { Incident } from '../../../../shared/alerts/incident';
import type { ActivityEvent } from '../../../../shared/timeline/event-schemas';
import type { TopProcesses } from '../../../../shared/processes/process-schemas';

/** As many events as are kept on disk; as many incidents as a storm of alerts makes; half a day of looks. */
const MAX = { events: 1000, incidents: 1000, snapshots: 720 } as const;

/** The waiting writes, oldest first. */
export class ActivityBuffer {
  #events: ActivityEvent[] = [];
  #incidents = new Map<string, Incident>();
  #snapshots: TopProcesses[] = [];
  /** Writes given up since the disk last took some. */
  dropped = 0;

  get length(): number {
    return this.#events.length + this.#incidents.size + this.#snapshots.length;
  }

  get events(): readonly ActivityEvent[] {
    return this.#events;
  }

  /** The latest of each incident, by its id. */
  get incidents(): ReadonlyMap<string, Incident> {
    return this.#incidents;
  }

  get snapshots(): readonly TopProcesses[] {
    return this.#snapshots;
  }

  addEvent(event: ActivityEvent): void {
    this.#events.push(event);
    if (this.#events.length <= MAX.events) return;
    this.#events.shift();
    this.dropped += 1;
  }

  putIncident(incident: Incident): void {
    this.#incidents.set(incident.id, incident);
    // Of an incident that is over less is lost than of one that lasts.
    if (this.#incidents.size <= MAX.incidents) return;
    const all = [...this.#incidents.values()];
    const oldest = all.find(({ clearedAt }) => clearedAt !== null) ?? all[0];
    if (oldest !== undefined) this.#incidents.delete(oldest.id);
    this.dropped += 1;
  }

  addProcessSnapshot(snapshot: TopProcesses): void {
    this.#snapshots.push(snapshot);
    if (this.#snapshots.length <= MAX.snapshots) return;
    this.#snapshots.shift();
    this.dropped += 1;
  }

  /** Gives the waiting events numbers beyond `last`; returns the greatest. */
  renumber(last: number): number {
    let id = last;
    this.#events = this.#events.map((event) => ({ ...event, id: (id = Math.max(id + 1, event.id)) }));
    return id;
  }

  /** All is on disk. */
  clear(): void {
    this.#events = [];
    this.#incidents = new Map();
    this.#snapshots = [];
    this.dropped = 0;
  }
}
