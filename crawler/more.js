// Goes down to the end of the page: screen by screen, so that lazy parts are drawn, or at once where nothing
// in the page heeds it; tells how much there is and which buttons might show more of a list.
async (screens) => {
  const root = document.scrollingElement || document.documentElement;
  const watched = typeof dargahWatched !== "function" || dargahWatched();
  const step = watched ? innerHeight * 0.9 : Infinity;
  for (let n = 0; n < screens && root.scrollTop + innerHeight < root.scrollHeight - 2; n += 1) {
    root.scrollTo({ top: Math.min(root.scrollTop + step, root.scrollHeight), behavior: "instant" });
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
  }
  for (const e of document.querySelectorAll("[data-dargah-more]")) e.removeAttribute("data-dargah-more");
  const buttons = [];
  for (const e of document.querySelectorAll("button, a, [role=button], [onclick], input[type=button]")) {
    const href = e.getAttribute("href") || "#";
    const text = (e.innerText || e.value || e.getAttribute("aria-label") || "").trim();
    const box = e.getBoundingClientRect();
    if (!/^(#|javascript:(?!.*__doPostBack))/i.test(href) || !text || text.length > 40 || box.width < 2) continue;
    if (e.type === "submit" && e.form || e.disabled || buttons.length >= 60) continue;
    e.setAttribute("data-dargah-more", String(buttons.length));
    buttons.push({ number: buttons.length, text });
  }
  return {
    below: root.scrollHeight - Math.ceil(root.scrollTop + innerHeight) - 2, buttons, text: (document.body?.innerText || "").length,
    links: [...document.links].slice(0, 3000).map((a) => [a.href, (a.innerText || a.title || "").trim().slice(0, 200)]),
  };
}
