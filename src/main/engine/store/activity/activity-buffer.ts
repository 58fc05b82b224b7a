/** Writes to the activity log not committed yet, limited in number: a disk that stays full must not fill the memory. */
import type { Incident } from '../../../../shared/alerts/incident';
import type { ActivityEvent } from '../../../../shared/timeline/event-schemas';
import type { TopProcesses } from '../../../../shared/processes/process-schemas';

/** As many events as are kept on disk, incidents enough for a burst of alerts, and process snapshots of half a day. */
const MAX = { events: 1000, incidents: 1000, snapshots: 720 } as const;

/** The pending writes, oldest first. */
export class ActivityBuffer {
  #events: ActivityEvent[] = [];
  #incidents = new Map<string, Incident>();
  #snapshots: TopProcesses[] = [];
  /** Writes discarded since the last successful commit. */
  dropped = 0;

  get length(): number {
    return this.#events.length + this.#incidents.size + this.#snapshots.length;
  }

  get events(): readonly ActivityEvent[] {
    return this.#events;
  }

  /** The latest state of each incident, by id. */
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
    // Losing a resolved incident costs less than losing an open one.
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

  /** Renumbers the pending events to be greater than `last`; returns the greatest id. */
  renumber(last: number): number {
    let id = last;
    this.#events = this.#events.map((event) => ({ ...event, id: (id = Math.max(id + 1, event.id)) }));
    return id;
  }

  /** Call when everything is committed. */
  clear(): void {
    this.#events = [];
    this.#incidents = new Map();
    this.#snapshots = [];
    this.dropped = 0;
  }
}
