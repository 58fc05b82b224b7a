/** The global zod reads its configuration from, also when it is loaded later; importing zod here would make the first load a third larger. */
interface ZodGlobal {
  __zod_globalConfig?: { jitless?: boolean };
}

/** Turns off zod's JIT compiler: its probe of `new Function` violates the page's content security policy and is reported as such. Call it before any schema is loaded. */
export function disableZodJit(): void {
  ((globalThis as ZodGlobal).__zod_globalConfig ??= {}).jitless = true;
}
