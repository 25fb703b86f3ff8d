const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

const character = (entity: string): string => {
  const [, hexadecimal, decimal] = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(entity) ?? [];
  if (hexadecimal === undefined && decimal === undefined) return ENTITIES[entity] ?? ' ';
  const code = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? ' ' : String.fromCodePoint(code);
};

/** The text of XHTML, without its tags, comments and attributes. */
export const plainText = (xhtml: string): string =>
  xhtml
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&([#\w]{1,10});/g, (_, entity: string) => character(entity));
