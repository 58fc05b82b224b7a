/** The name of a machine from what its firmware says, which is often what nobody filled in. Pure. */

/** What firmware says in place of a name. */
const PLACEHOLDER =
  /^(?:to be filled by o\.?e\.?m\.?|default string|system (?:manufacturer|product name|version)|not (?:specified|applicable|available|provided)|none|unknown|undefined|n\/a|o\.?e\.?m\.?|empty|x+|-+|0+)$/i;

function nameOf(text: string | null | undefined): string | null {
  const name = (text ?? '').replaceAll('\0', '').trim().replaceAll(/\s+/g, ' ');
  return name === '' || PLACEHOLDER.test(name) ? null : name;
}

/** "Dell Inc. XPS 13 9380"; the manufacturer is left out where the model begins with it. Null if neither is known. */
export function modelName(manufacturer: string | null | undefined, model: string | null | undefined): string | null {
  const [maker, name] = [nameOf(manufacturer), nameOf(model)];
  if (maker === null || name === null) return name ?? maker;
  const [brand = ''] = maker.split(' ');
  return name.toLowerCase().startsWith(brand.toLowerCase()) ? name : `${maker} ${name}`;
}
