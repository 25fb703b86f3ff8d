/** What a configuration file may hold. */
export type Yaml =
  string | number | boolean | null | undefined | readonly Yaml[] | { readonly [key: string]: Yaml };

/** A YAML document; members that are undefined are left out. Strings are quoted, so that none is read as something else. */
export function toYaml(value: Yaml): string {
  return `${block(value, '').trimStart()}\n`;
}

function block(value: Yaml, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    return value.map((item: Yaml) => `\n${indent}-${nested(item, `${indent}  `)}`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    if (members.length === 0) return ' {}';
    return members
      .map(([key, member]) => `\n${indent}${quoteKey(key)}:${block(member, `${indent}  `)}`)
      .join('');
  }
  return ` ${JSON.stringify(value ?? null)}`;
}

/** An item of a list: its first member stands beside the dash. */
function nested(value: Yaml, indent: string): string {
  const text = block(value, indent);
  return text.startsWith(`\n${indent}`) ? ` ${text.slice(1 + indent.length)}` : text;
}

/** Words that YAML, of one version or another, takes for something else than a string. */
const RESERVED = /^(null|true|false|yes|no|on|off|y|n)$/i;

const quoteKey = (key: string) =>
  /^[A-Za-z_][\w.-]*$/.test(key) && !RESERVED.test(key) ? key : JSON.stringify(key);
