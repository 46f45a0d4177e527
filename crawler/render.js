// Runs in the visited page: what the crawler wants to know of a page that a script has built.
() => {
  const limit = 60;
  for (const mark of ["press", "more", "cover"])
    for (const e of document.querySelectorAll(`[data-dargah-${mark}]`)) e.removeAttribute(`data-dargah-${mark}`);
  const shadow = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean);
  const root = document.documentElement;
  const html = shadow.length && root.getHTML
    ? `<html lang="${root.lang}">${root.getHTML({ shadowRoots: shadow })}</html>`
    : root.outerHTML;

  // Things to press in menus whose target cannot be read from the page.
  const inMenu = (e) => e.closest("nav, menu, header, [role=navigation], [role=menu], [role=menubar], [id*=menu i],"
    + " [class*=menu i], [class*=nav i], [id*=nav i], [class*=tile i], [class*=quick i], [class*=service i]");
  const leads = (e) => {
    const href = e.getAttribute("href") || "";
    return href && !href.startsWith("#") && !/^javascript:/i.test(href);
  };
  // Where the address can be read from the markup, it is; nothing needs to be pressed.
  const told = (e) => [...e.attributes].some((a) => /^(data-(href|url|route|link|to)|routerlink)$/i.test(a.name))
    || /['"](https?:|\.?\/)[^'"]*['"]/.test(e.getAttribute("onclick") || "");
  const pressable = "a, button, [onclick], [role=link], [role=menuitem], [role=button], li, td, span, div";
  const seen = new Set();
  const buttons = [];
  for (const e of document.querySelectorAll(pressable)) {
    if (buttons.length >= limit) break;
    const scripted = /^(A|BUTTON)$/.test(e.tagName) || e.hasAttribute("onclick") || e.hasAttribute("role");
    if (!scripted && (getComputedStyle(e).cursor !== "pointer" || e.querySelector("a, button, [onclick]"))) continue;
    if (e.tagName === "INPUT" || (e.tagName === "BUTTON" && e.form && e.type !== "button")) continue;
    if (leads(e) || e.closest("a[href]") && leads(e.closest("a[href]"))) continue;
    if (told(e) || !inMenu(e) || /__doPostBack/.test(e.getAttribute("href") || "")) continue;
    const text = (e.innerText || e.getAttribute("aria-label") || e.title || "").trim().replace(/\s+/g, " ");
    const box = e.getBoundingClientRect();
    if (!text || text.length > 80 || seen.has(text) || box.width < 2 || box.height < 2) continue;
    seen.add(text);
    e.setAttribute("data-dargah-press", String(buttons.length));
    buttons.push({ number: buttons.length, text });
  }
  const postbacks = [...document.querySelectorAll("a[href*='__doPostBack' i]")].slice(0, limit).map((e) => ({
    href: e.getAttribute("href"), text: (e.innerText || e.title || "").trim().replace(/\s+/g, " "),
  }));
  return { html, buttons, postbacks, title: document.title };
}
