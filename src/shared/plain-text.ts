/**
 * Text from outside (events of other programs, names of browsers, accounts and files) as text that looks like what it is.
 * Characters that are invisible or change the direction of writing are removed: they can make one name look like another,
 * or hide a part of a message. Without schemas, so that a page can use it.
 */

/** Invisible characters without a width: Unicode's format characters (bidi controls and zero-width ones among them), and fillers that fonts draw as nothing. */
const INVISIBLE = /[\p{Cf}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFFA0]+/gu;
/** Control characters and line breaks, and a Braille pattern that looks like a space. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\u2800]+/gu;
/** More marks on one character than any script uses; they would run over the lines around it. */
const STACKED = /(\p{M}{6})\p{M}+/gu;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Nothing but visible ASCII characters and spaces, as most texts are. */
const PLAIN = /^[ -~]*$/;

/** The text without invisible characters, well formed; control characters stay. */
export function withoutInvisible(text: string): string {
  return text.replace(LONE_SURROGATE, '\uFFFD').replace(INVISIBLE, '').replace(STACKED, '$1');
}

/** One line of visible text. Empty when nothing is left. */
export function toPlainLine(text: string): string {
  return PLAIN.test(text) ? text.trim() : withoutInvisible(text).replace(BREAKS, ' ').trim();
}
