/** Attributes of R4's invariant txt-1. https://hl7.org/fhir/R4/narrative.html */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset ' +
    'cite class colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name nowrap rel ' +
    'rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width ' +
    'xml:lang xml:space'
  ).split(' '),
);

const LINKS: ReadonlySet<string> = new Set(['href', 'src', 'cite', 'longdesc']);
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'urn', 'ftp', 'cid']);
const XHTML = 'http://www.w3.org/1999/xhtml';

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The value as a browser reads it; undefined if it holds a reference that can't be told. */
const decode = (value: string): string | undefined => {
  let unknown = false;
  const decoded = value.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]*));|&/gi,
    (_, hex, decimal, name) => {
      const code =
        typeof hex === 'string'
          ? parseInt(hex, 16)
          : typeof decimal === 'string'
            ? Number(decimal)
            : undefined;
      if (code !== undefined && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
      const character = typeof name === 'string' ? NAMED[name] : undefined;
      unknown ||= character === undefined;
      return character ?? '';
    },
  );
  return unknown ? undefined : decoded;
};

const isSafeLink = (element: string, value: string): boolean => {
  const link = decode(value);
  if (link === undefined) return false;
  // Browsers skip control characters and blanks when they look for the scheme.
  // eslint-disable-next-line no-control-regex
  const squeezed = link.replace(/[\u0000-\u0020\u007f-\u00a0]/g, '');
  const scheme = /^([^/?#:]*):/.exec(squeezed)?.[1]?.toLowerCase();
  if (scheme === undefined || SCHEMES.has(scheme)) return true;
  return (
    element === 'img' && /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=]*$/i.test(squeezed)
  );
};

const URL_IN_STYLE = /url\(\s*(?:"([^"()]*)"|'([^'()]*)'|([^"'()]*))\s*\)/gi;

/** A style may show pictures, as an `img` may; it may not load style sheets or run anything. */
const isSafeStyle = (value: string): boolean => {
  const style = decode(value);
  if (style === undefined) return false;
  let safe = true;
  const rest = style.replace(URL_IN_STYLE, (_, double?: string, single?: string, bare?: string) => {
    safe &&= isSafeLink('img', double ?? single ?? bare ?? '');
    return '';
  });
  return (
    safe && !/[\\@<(]|\/\*|behaviou?r|binding|script/i.test(rest.replace(/\b(?:rgba?|hsla?|calc)\(/gi, ''))
  );
};

/** What is wrong with an attribute of a narrative's element, or undefined. `value` as it is written, references unresolved. */
export const faultOfAttribute = (element: string, name: string, value: string): string | undefined => {
  if (name === 'xmlns')
    return value === XHTML ? undefined : 'txt-1: The div of a narrative must be in the XHTML namespace';
  if (!ATTRIBUTES.has(name)) return `txt-1: The narrative must not hold an attribute ${name.slice(0, 40)}`;
  if (LINKS.has(name) && !isSafeLink(element, value))
    return `txt-1: The attribute ${name} of the narrative holds a link that is not allowed`;
  if (name === 'style' && !isSafeStyle(value))
    return 'txt-1: The narrative holds a style that loads or runs something';
  return undefined;
};
