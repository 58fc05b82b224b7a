/** The steps of the card "Getting started". Apart from the schema of the settings, so that the page knows them without zod. */

/** In the order in which they are shown. */
export const GETTING_STARTED_STEPS = ['icon', 'notification', 'autostart'] as const;

/** One step. */
export type GettingStartedStep = (typeof GETTING_STARTED_STEPS)[number];
