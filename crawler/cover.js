// What lies over the page and hides it (a consent banner, a notice), and the buttons in it.
() => {
  const columns = [0.1, 0.3, 0.5, 0.7, 0.9];
  const covers = new Map();
  for (const x of columns) for (const y of columns) {
    let e = document.elementFromPoint(innerWidth * x, innerHeight * y);
    while (e && e !== document.body && getComputedStyle(e).position !== "fixed") e = e.parentElement;
    if (e && e !== document.body) covers.set(e, (covers.get(e) || 0) + 1);
  }
  const points = [...covers.values()].reduce((a, b) => a + b, 0);
  const words = (e) => (e.innerText || "").length;
  const own = [...covers.keys()].reduce((sum, e) => sum + words(e), 0);
  // A script that draws its whole page into a fixed box covers nothing.
  if (points < 8 || own * 2 > words(document.body)) return [];
  for (const e of document.querySelectorAll("[data-dargah-cover]")) e.removeAttribute("data-dargah-cover");
  const found = [];
  const pressable = "button, a, [role=button], [onclick], input[type=button], [class*=close i]";
  for (const cover of covers.keys()) for (const e of cover.querySelectorAll(pressable)) {
    const href = e.getAttribute("href") || "#";
    const text = (e.innerText || e.value || e.getAttribute("aria-label") || e.title || "").trim();
    const box = e.getBoundingClientRect();
    if (!/^(#|javascript:)/i.test(href) || text.length > 40 || box.width < 2 || found.length >= 30) continue;
    // A close button that is only drawn says what it is by its name.
    const named = /close|dismiss/i.test(`${e.className} ${e.id}`) ? "close" : "";
    e.setAttribute("data-dargah-cover", String(found.length));
    found.push({ number: found.length, text: text || named });
  }
  return found;
}
