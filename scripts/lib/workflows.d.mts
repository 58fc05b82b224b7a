/** Types of workflows.mjs for its tests. */
export function checkWorkflows(workflows: readonly { readonly file: string; readonly text: string }[]): Promise<string[]>;
