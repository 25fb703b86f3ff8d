import { faultOfAttribute } from './narrative-attributes.ts';

/**
 * Elements of R4's invariant txt-1, and those that the narratives of HL7's own examples hold besides.
 * https://hl7.org/fhir/R4/narrative.html
 */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ' +
    'li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);

/** Elements inside one another; a browser gives up soon after. */
const DEEPEST = 250;

const TEXT = /[^<&]+/y;
const ENTITY = /&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});/y;
const COMMENT = /<!--(?!-?>)(?:[^-]|-(?!-))*-->/y;
const END = /<\/([A-Za-z][A-Za-z0-9]*)\s*>/y;
const START = /<([A-Za-z][A-Za-z0-9]*)(?=[\s/>])/y;
const ATTRIBUTE = /\s+([A-Za-z_][A-Za-z0-9_.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const CLOSE = /\s*(\/?)>/y;

/**
 * Checks the `div` of a Narrative: well-formed XHTML of the allowed elements and attributes alone, with some content.
 * No scripts, forms, objects, event handlers, nor anything that only one of an XML and an HTML parser would see.
 * @returns what is wrong, or undefined
 */
export const faultOfNarrative = (xhtml: string): string | undefined => {
  const open: string[] = [];
  let position = 0;
  let content = false;
  let roots = 0;
  const next = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = position;
    const match = token.exec(xhtml);
    if (match !== null) position = token.lastIndex;
    return match;
  };
  xhtml = xhtml.trim();

  while (position < xhtml.length) {
    if (open.length === 0 && roots > 0) return 'txt-1: The narrative must be one div element';
    let match = next(TEXT);
    if (match !== null) {
      if (open.length === 0) return 'txt-1: The narrative must be one div element';
      content ||= /\S/.test(match[0]);
      continue;
    }
    if (next(ENTITY) !== null) {
      content = true;
      continue;
    }
    if (open.length > 0 && next(COMMENT) !== null) continue;
    match = next(END);
    if (match !== null) {
      if (open.pop() !== match[1])
        return `txt-1: The narrative is not well-formed: </${match[1] ?? ''}> closes nothing`;
      continue;
    }
    match = next(START);
    if (match === null) return 'txt-1: The narrative is not well-formed XHTML';
    const element = match[1] ?? '';
    if (!ELEMENTS.has(element)) return `txt-1: The narrative must not hold an element ${element}`;
    if (open.length === 0) {
      if (element !== 'div') return 'txt-1: The narrative must be one div element';
      roots++;
    }
    content ||= element === 'img';
    const fault = attributes(element, next, open.length === 0);
    if (fault !== undefined) return fault;
    const close = next(CLOSE);
    if (close === null) return `txt-1: The narrative is not well-formed: the tag ${element} does not end`;
    if (close[1] !== '/' && open.push(element) > DEEPEST) return 'txt-1: The narrative is nested too deep';
  }
  if (open.length > 0) return `txt-1: The narrative is not well-formed: ${open.at(-1) ?? ''} is not closed`;
  return content ? undefined : 'txt-2: The narrative must have some content';
};

const attributes = (
  element: string,
  next: (token: RegExp) => RegExpExecArray | null,
  isRoot: boolean,
): string | undefined => {
  const names: string[] = [];
  for (let match = next(ATTRIBUTE); match !== null; match = next(ATTRIBUTE)) {
    const [, name = '', double, single] = match;
    if (names.includes(name)) return `txt-1: The narrative is not well-formed: ${element} has ${name} twice`;
    names.push(name);
    const fault = faultOfAttribute(element, name, double ?? single ?? '');
    if (fault !== undefined) return fault;
  }
  return isRoot && !names.includes('xmlns')
    ? 'txt-1: The div of a narrative must be in the XHTML namespace'
    : undefined;
};
