// One module, no build step: routes of the history API, content from /api.

const root = document.getElementById("app");
const cache = new Map();
let site;

async function api(path, sent) {
  const options = sent && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) };
  const answer = await fetch("/api/" + path, options);
  return answer.status === 404 ? null : answer.json();
}

function cached(path) {
  if (!cache.has(path)) cache.set(path, api(path));
  return cache.get(path);
}

/** Make an element: el("p.lead", {id: "x"}, "text", child). */
function el(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const link = (to, text, spec = "a") =>
  el(spec, { href: to, ...(to.startsWith("/") ? {} : { rel: "noopener", target: "_blank" }) }, text);

/** A menu entry: a link, a button that names its route, or an old-fashioned inline handler. */
function entry({ to, text, how, icon }) {
  const label = icon ? [el("span.icon", { "aria-hidden": "true" }, icon), text] : text;
  let node;
  if (how === "link") node = link(to, label);
  else if (how === "route") node = el("button", { type: "button", "data-route": to }, label);
  else {
    node = el("button", { type: "button" }, label);
    node.setAttribute("onclick", `go('${to}')`);
  }
  if (to === location.pathname) node.setAttribute("aria-current", "page");
  return node;
}

const picture = (name, alt = "") => el("img", { src: `/assets/scenes/${name}.svg`, alt, width: 800, height: 450, loading: "lazy" });

// ---- frame of every page

function header() {
  const menu = el("ul.menu", { id: "menu" }, site.menu.map((item) => {
    if (!item.items) return el("li", {}, entry(item));
    const list = el("ul.sub", {}, item.items.map((sub) => el("li", {}, entry(sub))));
    const head = el("button.head", { type: "button", "aria-expanded": "false", onclick: () => {
      const open = head.parentElement.classList.toggle("open");
      head.setAttribute("aria-expanded", String(open));
    } }, item.text);
    return el("li.group", {}, head, list);
  }));
  const burger = el("button.burger", { type: "button", "aria-label": "فهرست", "aria-controls": "menu", "aria-expanded": "false",
    onclick: () => burger.setAttribute("aria-expanded", String(menu.classList.toggle("open"))) }, "☰");
  const box = el("input", { type: "search", name: "q", placeholder: "جست‌وجو در درگاه", "aria-label": "جست‌وجو در درگاه" });
  const search = el("form.search", { role: "search", action: "/search", onsubmit: (event) => {
    event.preventDefault();
    go("/search?q=" + encodeURIComponent(box.value));
  } }, box, el("button", { type: "submit" }, "جست‌وجو"));
  return el("header", {},
    el("div.top", {}, el("a.brand", { href: "/" }, el("img", { src: "/assets/emblem.svg", alt: "", width: 64, height: 64 }),
      el("span", {}, el("small", {}, site.parent), el("strong", {}, site.name))),
      search, el("button.lang", { type: "button", "data-route": "/en", lang: "en" }, "EN"), burger),
    el("nav", { "aria-label": "فهرست اصلی" }, menu));
}

function footer() {
  return el("footer", {},
    el("div.columns", {},
      el("section", {}, el("h2", {}, "نشانی"), el("p", {}, site.address), el("p", {}, "کد پستی: " + site.postcode)),
      el("section", {}, el("h2", {}, "ارتباط"), el("p", {}, "تلفن: " + site.phone), el("p", {}, "دورنگار: " + site.fax),
        el("p", {}, "رایانامه: ", link("mailto:" + site.email, site.email))),
      el("section", {}, el("h2", {}, "دسترسی سریع"), el("ul", {}, site.footer.map((item) => el("li", {}, entry(item))))),
      el("section", {}, el("h2", {}, "ما را دنبال کنید"),
        el("ul", {}, site.social.map(({ to, text }) => el("li", {}, link(to, text)))))),
    el("p.studio", {}, site.studio));
}

function consent() {
  if (localStorage.getItem("consent")) return null;
  const bar = el("div.consent", { role: "region", "aria-label": "کوکی" },
    el("p", {}, "این درگاه برای بهبود نمایش از کوکی استفاده می‌کند."),
    el("button", { type: "button", onclick: () => { localStorage.setItem("consent", "yes"); bar.remove(); } }, "می‌پذیرم"));
  return bar;
}

// ---- views: each returns [title, nodes] or null for "not found"

function block(part) {
  if (part.h) return el("h2", {}, part.h);
  if (part.p) return el("p", {}, part.p);
  if (part.ul || part.ol) return el(part.ul ? "ul" : "ol", {}, (part.ul || part.ol).map((text) => el("li", {}, text)));
  if (part.image) return el("figure", {}, picture(part.image));
  if (part.links || part.files)
    return el("ul.links", {}, (part.links || part.files).map(({ to, text }) => el("li", {}, link(to, text))));
  return table(part.table.head, part.table.rows);
}

const table = (head, rows) => el("div.scroll", { tabindex: "0" }, el("table", {},
  el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
  el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell)))))));

const newsCard = (item) => el("article.card", {}, picture(item.image),
  el("div", {}, el("time", {}, item.date), el("h3", {}, link("/news/" + item.id, item.title)), el("p", {}, item.lead)));

async function home() {
  const data = await cached("home");
  const [first, second] = data.slides;
  return ["", [
    el("section.hero", {}, [first, second].map((slide) => el("a.slide", { href: slide.to },
      picture(slide.image), el("span", {}, slide.title)))),
    el("section", {}, el("h2", {}, "خدمات پرکاربرد"), el("div.tiles", {}, data.quick.map(entry))),
    el("section", {}, el("h2", {}, "تازه‌ترین خبرها"), el("div.cards", {}, data.news.map(newsCard))),
    el("section.figures", { "aria-label": "ورزش استان در یک نگاه" },
      data.figures.map(({ value, text }) => el("div", {}, el("strong", {}, value), el("span", {}, text)))),
  ]];
}

async function cms(route) {
  const page = await cached("page" + route);
  if (!page) return null;
  const body = (page.blocks || []).map(block);
  for (const { q, a } of page.faq || []) body.push(el("details", { open: true }, el("summary", {}, q), el("p", {}, a)));
  if (page.events) body.push(table(["تاریخ", "رویداد", "محل"], page.events.map((e) => [e.date, e.name, e.place])));
  if (page.gallery) body.push(el("div.cards", {}, page.gallery.map((g) =>
    el("figure.card", {}, picture(g.image, g.text), el("figcaption", {}, g.text)))));
  return [page.title, body];
}

async function newsList() {
  const { items } = await cached("news");
  return ["اخبار", [el("div.cards", {}, items.map(newsCard))]];
}

async function newsItem(id) {
  const item = await cached("news/" + id);
  if (!item) return null;
  const address = encodeURIComponent(location.href);
  return [item.title, [el("time", {}, item.date), el("figure", {}, picture(item.image, item.title)), el("p.lead", {}, item.lead),
    item.body.map((text) => el("p", {}, text)), item.link && el("p", {}, link(item.link.to, item.link.text)),
    el("p.share", {}, "هم‌رسانی: ", link(`https://t.me/share/url?url=${address}`, "تلگرام"), " ",
      link(`https://api.whatsapp.com/send?text=${address}`, "واتساپ"))]];
}

async function services() {
  const { items } = await cached("services");
  return ["میز خدمت", [el("div.tiles.wide", {}, items.map((s) =>
    el("article", {}, el("h3", {}, link("/services/" + s.id, s.title)), el("p", {}, s.summary))))]];
}

async function service(id) {
  const s = await cached("services/" + id);
  if (!s) return null;
  const list = (tag, items) => el(tag, {}, items.map((text) => el("li", {}, text)));
  const body = [el("p.lead", {}, s.summary),
    el("h2", {}, "شرایط"), el("p", {}, s.conditions),
    el("h2", {}, "مراحل"), list("ol", s.steps),
    el("h2", {}, "مدارک لازم"), list("ul", s.documents),
    el("h2", {}, "زمان انجام"), el("p", {}, s.time)];
  if (s.fee) body.push(el("h2", {}, "هزینه"), el("p", {}, s.fee));
  if (s.link) body.push(el("p", {}, link(s.link.to, s.link.text, "a.button")));
  if (s.booking) {
    const { items } = await cached("facilities");
    const select = el("select", { name: "facility", required: true, id: "f-facility" }, items.map((f) => el("option", {}, f.name)));
    body.push(el("h2", {}, "درخواست رزرو"), form("booking", "ثبت درخواست", [
      el("label", { for: "f-facility" }, "مکان ورزشی *"), select,
      ...field("day", "روز دلخواه *", "text"), ...field("phone", "شماره همراه *", "tel")]));
  }
  return [s.title, body];
}

async function facilities() {
  const { items } = await cached("facilities");
  return ["اماکن ورزشی", [el("div.cards", {}, items.map((f) => el("article.card", {}, picture(f.image, f.name),
    el("div", {}, el("h3", {}, link("/facilities/" + f.id, f.name)), el("p", {}, f.kind)))))]];
}

async function facility(id) {
  const f = await cached("facilities/" + id);
  return f && [f.name, [el("figure", {}, picture(f.image, f.name)),
    table(["ویژگی", "شرح"], [["نوع", f.kind], ["گنجایش", f.seats], ["نشانی", f.address]]),
    el("p", {}, link("/services/facility-booking", "درخواست سانس", "a.button"))]];
}

async function managers() {
  const { items } = await cached("managers");
  return ["مدیران و مسئولان", [el("div.tiles.wide", {}, items.map((m) => el("article.person", {},
    el("span.portrait", { "aria-hidden": "true" }, m.name[0]), el("h3", {}, m.name), el("p", {}, m.post), el("p", {}, "تلفن مستقیم: " + m.phone),
    m.email && el("p", {}, link("mailto:" + m.email, m.email)))))]];
}

function field(name, label, type) {
  const id = "f-" + name;
  const box = type === "textarea" ? el("textarea", { id, name, rows: 5, required: true }) : el("input", { id, name, type, required: true });
  return [el("label", { for: id }, label), box];
}

function form(target, caption, fields) {
  const status = el("p.status", { role: "status" });
  const node = el("form.stacked", { onsubmit: async (event) => {
    event.preventDefault();
    const answer = await api(target, Object.fromEntries(new FormData(node)));
    status.textContent = answer.message || answer.error;
    if (answer.message) node.reset();
  } }, fields, el("button", { type: "submit" }, caption), status);
  return node;
}

async function contact() {
  site = await cached("site");
  return ["تماس با ما", [
    el("div.two", {},
      el("div", {}, el("p", {}, site.address), el("p", {}, "تلفن: " + site.phone), el("p", {}, "دورنگار: " + site.fax),
        el("p", {}, "رایانامه: ", link("mailto:" + site.email, site.email)),
        el("img.map", { src: "/assets/office-map.svg", alt: "جای ساختمان اداره کل روی نقشه", width: 480, height: 300 })),
      el("div", {}, el("h2", {}, "فرم تماس"), form("contact", "ارسال پیام", [
        ...field("name", "نام و نام خانوادگی *", "text"), ...field("phone", "شماره تماس *", "tel"),
        ...field("message", "متن پیام *", "textarea")])))]];
}

async function poll() {
  const data = await api("poll");
  const results = el("div.results", { "aria-live": "polite" });
  const draw = (votes) => {
    const total = votes.reduce((a, b) => a + b, 0);
    results.replaceChildren(...data.options.map((text, i) => el("div", {},
      el("span", {}, `${text} — ${votes[i].toLocaleString("fa-IR")} رأی`),
      el("progress", { max: total, value: votes[i], "aria-label": text }))));
  };
  draw(data.votes);
  const node = el("form.stacked", { onsubmit: async (event) => {
    event.preventDefault();
    const answer = await api("poll", { choice: Number(new FormData(node).get("choice") ?? -1) });
    if (answer.votes) { draw(answer.votes); node.querySelector("button").disabled = true; }
  } }, el("fieldset", {}, el("legend", {}, data.question), data.options.map((text, i) =>
    el("label.choice", {}, el("input", { type: "radio", name: "choice", value: i, required: true }), text))),
  el("button", { type: "submit" }, "ثبت رأی"));
  return ["نظرسنجی", [node, el("h2", {}, "نتیجه تا این لحظه"), results]];
}

async function search() {
  const q = new URLSearchParams(location.search).get("q") || "";
  const { items } = await api("search?q=" + encodeURIComponent(q));
  const count = q && `${items.length.toLocaleString("fa-IR")} نتیجه برای «${q}»`;
  return ["جست‌وجو", [el("p", {}, q ? (items.length ? count : `نتیجه‌ای برای «${q}» پیدا نشد.`) : "واژه‌ای را در کادر جست‌وجوی بالای صفحه بنویسید."),
    el("ol.found", {}, items.map((hit) => el("li", {}, link(hit.to, hit.title), el("p", {}, hit.text))))]];
}

const routes = [
  [/^\/$/, home], [/^\/news$/, newsList], [/^\/news\/(\d+)$/, newsItem], [/^\/services$/, services],
  [/^\/services\/([a-z-]+)$/, service], [/^\/facilities$/, facilities], [/^\/facilities\/(\d+)$/, facility],
  [/^\/managers$/, managers], [/^\/contact$/, contact], [/^\/poll$/, poll], [/^\/search$/, search], [/^(\/.*)$/, cms],
];

async function render() {
  const path = location.pathname.replace(/(.)\/$/, "$1");
  const main = root.querySelector("main");
  if (main) main.setAttribute("aria-busy", "true");
  else root.replaceChildren(el("p.loading", {}, "در حال بارگذاری…"));
  const [pattern, view] = routes.find(([candidate]) => candidate.test(path));
  const asked = location.href;
  const [frame, page] = await Promise.all([cached("site"), view(...pattern.exec(path).slice(1))]);
  if (location.href !== asked) return; // the visitor has gone on meanwhile
  site = frame;
  const [title, body] = page || ["صفحه یافت نشد", [el("p", {}, "نشانی درخواستی شما در این درگاه وجود ندارد."), el("p", {}, link("/", "بازگشت به صفحه نخست"))]];
  document.title = (title ? title + " | " : "") + site.name;
  root.replaceChildren(header(), el("main" + (title ? ".inner" : ""), {}, title && el("h1", {}, title), ...body.flat()), footer());
  const bar = consent();
  if (bar) root.append(bar);
  scrollTo(0, 0);
}

function go(to) {
  history.pushState(null, "", to);
  return render();
}
window.go = go; // for the inline handlers of the menu

addEventListener("popstate", render);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-route]");
  if (button) return go(button.dataset.route);
  const anchor = event.target.closest("a[href^='/']");
  if (!anchor || anchor.target || anchor.pathname.startsWith("/assets/") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  go(anchor.getAttribute("href"));
});

render();
