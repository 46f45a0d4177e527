// The province's map: counties as areas, public works as points, one layer for each sector.
const SVG = "http://www.w3.org/2000/svg";
const COLOURS = { road: "#b3261e", water: "#1b6ca8", health: "#2e7d32", education: "#8e5a00" };
const NAMES = { counties: "مرز شهرستان‌ها", road: "راه", water: "آب و فاضلاب", health: "بهداشت", education: "آموزش" };
const BOX = { west: 51.72, east: 52.8, south: 35.42, north: 36.0 };
const WIDTH = 900, HEIGHT = 590;

const place = ([lon, lat]) => [
  ((lon - BOX.west) / (BOX.east - BOX.west)) * WIDTH,
  ((BOX.north - lat) / (BOX.north - BOX.south)) * HEIGHT,
];

function draw(name, attributes, parent, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

async function start() {
  const [counties, projects] = await Promise.all(
    ["/static/files/counties.geojson", "/data/projects.geojson"].map((url) => fetch(url).then((answer) => answer.json())));
  const canvas = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}` }, document.getElementById("map"));
  const layers = { counties: draw("g", {}, canvas) };
  counties.features.forEach(({ geometry, properties }, i) => {
    const points = geometry.coordinates[0].map(place);
    draw("polygon", { points: points.join(" "), fill: ["#dfe9d2", "#f3e3c3", "#d6e4ee"][i % 3], stroke: "#7b8794", "stroke-width": 3 }, layers.counties);
    const middle = [0, 1].map((axis) => points.reduce((sum, p) => sum + p[axis], 0) / points.length);
    draw("text", { x: middle[0], y: middle[1] + 46, "text-anchor": "middle", fill: "#46505c", "font-size": 24 }, layers.counties, properties.name_fa);
  });
  for (const { geometry, properties } of projects.features) {
    layers[properties.sector] ??= draw("g", {}, canvas);
    const [cx, cy] = place(geometry.coordinates);
    const words = `${properties.name_fa} — پیشرفت ${properties.progress.toLocaleString("fa-IR")} درصد`;
    const point = draw("circle", { cx, cy, r: 13, fill: COLOURS[properties.sector], stroke: "#fff", "stroke-width": 4, tabindex: 0 }, layers[properties.sector]);
    draw("title", {}, point, words);
    for (const event of ["click", "focus"]) point.addEventListener(event, () => { document.getElementById("chosen").textContent = words; });
  }
  for (const [name, group] of Object.entries(layers)) {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    box.addEventListener("change", () => group.setAttribute("visibility", box.checked ? "visible" : "hidden"));
    const label = document.createElement("label");
    label.append(box, " " + NAMES[name]);
    document.getElementById("layers").append(label);
  }
}

start();
