// What a page says of itself and how the browser took it: doctype, language, direction, viewport.
() => {
  const MAX_TEXTS = 5000;
  const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/g;
  const LETTER = /\p{L}/gu;
  const root = document.documentElement;
  const body = document.body;
  const type = document.doctype;
  const counts = { rtl_letters: 0, ltr_letters: 0, rtl_astray: 0, ltr_astray: 0 };
  const directions = new Map();
  const walker = document.createTreeWalker(body ?? root, NodeFilter.SHOW_TEXT);
  for (let count = 0; count < MAX_TEXTS && walker.nextNode(); count++) {
    const text = walker.currentNode.data;
    const parent = walker.currentNode.parentElement;
    const letters = text.match(LETTER)?.length ?? 0;
    if (!letters || !parent) continue;
    if (!directions.has(parent)) {
      const skipped = /^(script|style|noscript|template|option|title)$/i.test(parent.localName);
      const seen = !skipped && parent.checkVisibility({ visibilityProperty: true });
      directions.set(parent, seen ? getComputedStyle(parent).direction : null);
    }
    const direction = directions.get(parent);
    if (direction === null) continue;
    const rtl = text.match(RTL)?.length ?? 0;
    counts.rtl_letters += Math.min(rtl, letters);
    counts.ltr_letters += Math.max(0, letters - rtl);
    if (direction === "ltr") counts.rtl_astray += Math.min(rtl, letters);
    else counts.ltr_astray += Math.max(0, letters - rtl);
  }
  const said = (element) => (element?.getAttribute("dir") ?? "").trim().toLowerCase();
  const views = [...document.querySelectorAll('meta[name="viewport" i]')].map((one) => one.content ?? "");
  return {
    doctype: type ? `${type.name} ${type.publicId}`.trim().slice(0, 120) : "",
    quirks: document.compatMode === "BackCompat",
    language: (root.getAttribute("lang") ?? root.getAttribute("xml:lang") ?? "").trim().slice(0, 40),
    direction: (said(root) || said(body)).slice(0, 10),
    shown_direction: getComputedStyle(body ?? root).direction === "rtl" ? "rtl" : "ltr",
    viewport: views.length ? views.join(", ").slice(0, 240) : null,
    ...counts,
  };
}
