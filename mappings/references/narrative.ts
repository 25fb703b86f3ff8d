const LINK = /(<(?:a\s[^<>]*?\bhref|img\s[^<>]*?\bsrc)\s*=\s*)("[^"]*"|'[^']*')/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function decode(attribute: string): string {
  return attribute.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => ENTITIES[entity] ?? entity);
}

function encode(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** A narrative's XHTML with the targets of its links and images replaced where `map` says so. */
export function rewriteLinks(div: string, map: (reference: string) => string | undefined): string {
  return div.replace(LINK, (whole, before: string, quoted: string) => {
    const quote = quoted.charAt(0);
    const target = map(decode(quoted.slice(1, -1)));
    return target === undefined ? whole : `${before}${quote}${encode(target)}${quote}`;
  });
}
