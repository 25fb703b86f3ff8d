import { faultOfNarrative } from './narrative.ts';

const div = (inside: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>`;

test.each([
  'Text',
  '<p>Blood&nbsp;pressure &lt; 140&#160;mmHg<br/>and <b>more</b></p>',
  '<img src="#picture" alt="x"/>',
  '<img src="data:image/png;base64,iVBORw0K+/=="/>',
  '<a href="http://example.org/a?b=1&amp;c=2#d">a</a><a name="here">b</a><a href="mailto:a@b.org">c</a>',
  '<table class="grid" border="1"><tbody><tr><td colspan="2" style="color: rgb(1, 2, 3)">1</td></tr></tbody></table>',
  '<p style="background: url(tbl.png)">x</p>',
  '<p style="background: url(data: image/png;base64,iVBORw0K+/==)">x</p>',
  '<!-- a comment - of sorts --><p title="a>b">x</p>',
])('a narrative may hold %s', (inside) => {
  expect(faultOfNarrative(div(inside))).toBeUndefined();
});

test.each([
  '<script>alert(1)</script>',
  '<SCRIPT>alert(1)</SCRIPT>',
  '<p onclick="alert(1)">x</p>',
  '<p\nonclick\n=\n"alert(1)">x</p>',
  '<img src="x" onerror="alert(1)"/>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" JaVaScRiPt:alert(1)">x</a>',
  '<a href="java&#10;script:alert(1)">x</a>',
  '<a href="&#x6a;avascript:alert(1)">x</a>',
  '<a href="javascript&colon;alert(1)">x</a>',
  '<a href="vbscript:x">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
  '<img src="data:image/svg+xml;base64,PHN2Zz4="/>',
  '<p style="background: url(javascript:alert(1))">x</p>',
  '<p style="width: expression(alert(1))">x</p>',
  '<p style="width: e\\78pression(alert(1))">x</p>',
  '<p style="@import \'x\'">x</p>',
  '<iframe src="http://example.org"></iframe>',
  '<form action="x"><input name="password"/></form>',
  '<object data="x"></object>',
  '<style>p {}</style>',
  '<link rel="stylesheet" href="x"/>',
  '<svg><p>x</p></svg>',
  '<!--><img src="x" onerror="alert(1)"/>-->x',
  '<!-- a -- b -->x',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml-stylesheet href="x"?>x',
  '<p title="<script>">x</p>',
  '<p>x',
  '<p>x</b></p>',
  'a & b',
  'a < b',
  '<p class=x>x</p>',
  '<p class="a" class="b">x</p>',
])('a narrative is refused for %s', (inside) => {
  expect(faultOfNarrative(div(inside))).toMatch(/^txt-1: /);
});

test.each([
  ['Text', 'txt-1: The narrative must be one div element'],
  ['<p xmlns="http://www.w3.org/1999/xhtml">x</p>', 'txt-1: The narrative must be one div element'],
  ['<div>x</div>', 'txt-1: The div of a narrative must be in the XHTML namespace'],
  [
    '<div xmlns="http://www.w3.org/2000/svg">x</div>',
    'txt-1: The div of a narrative must be in the XHTML namespace',
  ],
  [div('x') + div('y'), 'txt-1: The narrative must be one div element'],
  [div(' <p> </p>'), 'txt-2: The narrative must have some content'],
])('%s: %s', (xhtml, fault) => {
  expect(faultOfNarrative(xhtml)).toBe(fault);
});

test.each([
  ['<', 'txt-1: The narrative is not well-formed XHTML'],
  ['<div xmlns="', 'txt-1: The narrative is not well-formed: the tag div does not end'],
  [' ', 'txt-2: The narrative must have some content'],
  ['&amp;', undefined],
  ['<p>', 'txt-1: The narrative is nested too deep'],
  ['<p></p>', 'txt-2: The narrative must have some content'],
  ['<p class="a"/>', 'txt-2: The narrative must have some content'],
  ['<!-- ', 'txt-1: The narrative is not well-formed XHTML'],
  ['<br ', 'txt-1: The narrative is not well-formed: the tag br does not end'],
])('1 MB of %j: %s', (part, fault) => {
  expect(faultOfNarrative(div(part.repeat(1_000_000 / part.length)))).toBe(fault);
});
