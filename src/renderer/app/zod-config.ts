/** Where zod finds its settings, also when it is loaded later: importing it here would make the first load a third larger. */
interface ZodGlobal {
  __zod_globalConfig?: { jitless?: boolean };
}

/** Keeps zod from trying whether it may make code of text, which the page's policy forbids and reports. Called before anything that checks is loaded. */
export function disableZodJit(): void {
  ((globalThis as ZodGlobal).__zod_globalConfig ??= {}).jitless = true;
}
