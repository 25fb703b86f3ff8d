/** A line of a chart. */
export interface Series {
  name: string;
  /** Which colour and marker it has: the same in all charts. */
  look: 1 | 2 | 3 | 4;
  points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  title: string;
  /** What the axes show, with the unit. */
  x: string;
  y: string;
  series: readonly Series[];
  /** For who doesn't see it. */
  description: string;
}

const WIDTH = 760;
const HEIGHT = 440;
const BOX = { left: 76, right: 220, top: 52, bottom: 64 };
/** Pixels between two entries of the legend. */
const APART = 24;

/** It brings its own ground, so that it can be read on any page; light or dark as the reader's system is. */
const STYLE = `
  svg { font: 13px system-ui, sans-serif; --ground: #ffffff; --text: #1f2328; --soft: #59636e; --grid: #d9dee3;
    --c1: #0b62d6; --c2: #1a7f37; --c3: #bc4c00; --c4: #8250df }
  @media (prefers-color-scheme: dark) { svg { --ground: #151b23; --text: #f0f6fc; --soft: #9ba6b1; --grid: #343c46;
    --c1: #58a6ff; --c2: #4ac26b; --c3: #ff9d52; --c4: #c297ff } }
  .ground { fill: var(--ground) } text { fill: var(--text) } .soft { fill: var(--soft) } .title { font-weight: 600; font-size: 15px }
  .grid { stroke: var(--grid) } .axis { stroke: var(--soft) } .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
  .l1 { stroke: var(--c1) } .l2 { stroke: var(--c2) } .l3 { stroke: var(--c3); stroke-dasharray: 7 4 } .l4 { stroke: var(--c4); stroke-dasharray: 2 4 }
  .m1 { fill: var(--c1) } .m2 { fill: var(--c2) } .m3 { fill: var(--c3) } .m4 { fill: var(--c4) }
`;

/** Draws lines over two linear axes that begin at 0, as an SVG document with nothing to load. */
export function drawLineChart({ title, x, y, series, description }: LineChart): string {
  const all = series.flatMap(({ points }) => points);
  const xAxis = axisUpTo(Math.max(...all.map(([value]) => value)));
  const yAxis = axisUpTo(Math.max(...all.map(([, value]) => value)));
  const right = WIDTH - BOX.right;
  const bottom = HEIGHT - BOX.bottom;
  const atX = (value: number) => round(BOX.left + (value / xAxis.end) * (right - BOX.left));
  const atY = (value: number) => round(bottom - (value / yAxis.end) * (bottom - BOX.top));
  const parts = [
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    `<text class="title" x="${BOX.left}" y="30">${escaped(title)}</text>`,
    ...yAxis.ticks.flatMap((value) => [
      `<line class="grid" x1="${BOX.left}" x2="${right}" y1="${atY(value)}" y2="${atY(value)}"/>`,
      `<text class="soft" x="${BOX.left - 8}" y="${atY(value) + 4}" text-anchor="end">${shown(value)}</text>`,
    ]),
    ...xAxis.ticks.flatMap((value) => [
      `<line class="axis" x1="${atX(value)}" x2="${atX(value)}" y1="${bottom}" y2="${bottom + 5}"/>`,
      `<text class="soft" x="${atX(value)}" y="${bottom + 20}" text-anchor="middle">${shown(value)}</text>`,
    ]),
    `<line class="axis" x1="${BOX.left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    `<text x="${(BOX.left + right) / 2}" y="${HEIGHT - 18}" text-anchor="middle">${escaped(x)}</text>`,
    `<text transform="translate(20 ${(BOX.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    ...series.map(({ look, points }) => {
      const path = points.map(([px, py]) => `${atX(px)},${atY(py)}`).join(' ');
      const markers = points.map(([px, py]) => marker(look, atX(px), atY(py)));
      return `<polyline class="line l${look}" points="${path}"/>${markers.join('')}`;
    }),
    ...legend(series, right, atY),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>${escaped(title)}</title><desc>${escaped(description)}</desc><style>${STYLE}</style>
${parts.join('\n')}
</svg>
`;
}

/** An entry a line, as near as may be to where the line ends. */
function legend(series: readonly Series[], right: number, atY: (value: number) => number): string[] {
  const ends = series
    .map((one) => ({ ...one, end: atY(one.points.at(-1)?.[1] ?? 0) }))
    .sort((a, b) => b.end - a.end);
  let below = HEIGHT - BOX.bottom + APART;
  return ends.map(({ name, look, end }) => {
    const y = Math.min(end, below - APART);
    below = y;
    const line = `<line class="line l${look}" x1="${right + 14}" x2="${right + 42}" y1="${y}" y2="${y}"/>`;
    return `${line}${marker(look, right + 28, y)}<text x="${right + 50}" y="${y + 4}">${escaped(name)}</text>`;
  });
}

/** A shape for each look: colours are not all that tells lines apart. */
function marker(look: Series['look'], x: number, y: number): string {
  const shape = `class="m${look}"`;
  switch (look) {
    case 1:
      return `<circle ${shape} cx="${x}" cy="${y}" r="4.5"/>`;
    case 2:
      return `<rect ${shape} x="${x - 4}" y="${y - 4}" width="8" height="8"/>`;
    case 3:
      return `<path ${shape} d="M${x} ${y - 5}l5.5 9h-11z"/>`;
    case 4:
      return `<path ${shape} d="M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5-5.5z"/>`;
  }
}

/** Some four to seven round numbers up to the first that is not below `most`. */
function axisUpTo(most: number): { end: number; ticks: number[] } {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.25, 0.5, 1, 2].map((part) => part * power).find((each) => most / each <= 7) ?? power;
  const count = Math.ceil(most / step);
  return { end: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

const round = (value: number): number => Math.round(value * 10) / 10;

const shown = (value: number): string => value.toLocaleString('en-GB');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
