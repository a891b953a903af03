/** A line chart as SVG text. Colours follow the reader's light or dark setting; every line has a dash of its own too. */
export type Line = { name: string; points: readonly (readonly [number, number])[] };
export type Chart = {
  title: string;
  x: { label: string; log?: boolean; ticks: readonly number[] };
  y: { label: string; max: number; ticks: readonly number[] };
  lines: readonly Line[];
};

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 74;
const RIGHT = 24;
const TOP = 50;
const BOTTOM = 96;
const INNER = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
const DASHES = ["", "8 4", "2 4", "10 4 2 4"];
const LEGEND_STEP = 170;
const STYLE = `
  .page { fill: #ffffff; } .ink { fill: #1c2430; } .grid { stroke: #d5dae1; } .axis { stroke: #5b6675; }
  .l0 { stroke: #0b63c4; } .l1 { stroke: #c2410c; } .l2 { stroke: #157f4a; } .l3 { stroke: #8a3ab9; }
  text { font: 13px system-ui, sans-serif; } .title { font-size: 16px; font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #12161d; } .ink { fill: #e6eaf0; } .grid { stroke: #2c3542; } .axis { stroke: #8c98a8; }
    .l0 { stroke: #6cb2ff; } .l1 { stroke: #ff9b62; } .l2 { stroke: #5fd39a; } .l3 { stroke: #d59bff; }
  }`;

export function svgOf({ title, x, y, lines }: Chart): string {
  const scale = (value: number): number => (x.log === true ? Math.log10(value) : value);
  const [least, most] = [Math.min(...x.ticks.map(scale)), Math.max(...x.ticks.map(scale))];
  const placeX = (value: number): number => LEFT + ((scale(value) - least) / (most - least)) * INNER.width;
  const placeY = (value: number): number => TOP + (1 - Math.min(value, y.max) / y.max) * INNER.height;
  const floor = TOP + INNER.height;
  const grid = y.ticks.flatMap((tick) => [
    `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${n(placeY(tick))}" y2="${n(placeY(tick))}"/>`,
    `<text class="ink" x="${LEFT - 8}" y="${n(placeY(tick) + 4)}" text-anchor="end">${tick}</text>`,
  ]);
  const ticks = x.ticks.flatMap((tick) => [
    `<line class="axis" x1="${n(placeX(tick))}" x2="${n(placeX(tick))}" y1="${floor}" y2="${floor + 5}"/>`,
    `<text class="ink" x="${n(placeX(tick))}" y="${floor + 20}" text-anchor="middle">${tick}</text>`,
  ]);
  const drawn = lines.flatMap(({ name, points }, index) => {
    const dash = DASHES[index] ? ` stroke-dasharray="${DASHES[index]}"` : "";
    const path = points.map(([px, py]) => `${n(placeX(px))},${n(placeY(py))}`).join(" ");
    const at = LEFT + index * LEGEND_STEP;
    return [
      `<polyline class="l${index}" fill="none" stroke-width="2.5"${dash} points="${path}"/>`,
      `<line class="l${index}" stroke-width="2.5"${dash} x1="${at}" x2="${at + 28}" y1="${HEIGHT - 16}" y2="${HEIGHT - 16}"/>`,
      `<text class="ink" x="${at + 34}" y="${HEIGHT - 12}">${escaped(name)}</text>`,
    ];
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="ink title" x="${LEFT}" y="26">${escaped(title)}</text>`,
    ...grid,
    `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${floor}" y2="${floor}"/>`,
    ...ticks,
    `<text class="ink" x="${LEFT + INNER.width / 2}" y="${floor + 44}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text class="ink" transform="translate(18 ${TOP + INNER.height / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    ...drawn,
    `</svg>`,
  ].join("\n")}\n`;
}

/** A tenth of a pixel is finer than anybody sees, and the file is the same on every machine. */
const n = (value: number): string => value.toFixed(1);
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
