// How far the page is wider than a window of this width, and the first elements that stick out of it.
(given) => {
  const MAX_ELEMENTS = 8000;
  const SHOWN = 3;
  const root = document.documentElement;
  const body = document.body;
  const width = given ?? screen.width;
  const style = (element) => (element ? getComputedStyle(element) : null);

  const hides = (element) => ["hidden", "clip"].includes(style(element)?.overflowX);
  const laidOut = Math.max(root.scrollWidth, body ? body.scrollWidth : 0);
  // What is cut off cannot be scrolled to, so it is not overflow that a visitor meets.
  const cut = hides(root) || (style(root).overflowX === "visible" && hides(body));
  const layoutWidth = Math.max(root.clientWidth, 1);
  const overflow = Math.max(0, (cut ? layoutWidth : Math.max(laidOut, layoutWidth)) - width);
  if (overflow < 1 || !body) return { overflow_px: overflow, elements: [] };

  const rtl = style(body).direction === "rtl";
  const beyond = (box) => (rtl ? box.left + scrollX < -1 : box.right + scrollX > width + 1);
  const out = (box) => box.width > 0 && box.height > 0 && beyond(box);
  const kept = (element) => {
    for (let up = element.parentElement; up && up !== body; up = up.parentElement) {
      if (style(up).overflowX !== "visible") return true;
    }
    return false;
  };
  const path = (element) => {
    const steps = [];
    for (let at = element; at && at !== root; at = at.parentElement) {
      if (at.id && document.querySelectorAll(`#${CSS.escape(at.id)}`).length === 1) {
        steps.unshift(`#${CSS.escape(at.id)}`);
        break;
      }
      const alike = [...(at.parentElement?.children ?? [])].filter((one) => one.localName === at.localName);
      const place = alike.length > 1 ? `:nth-of-type(${alike.indexOf(at) + 1})` : "";
      steps.unshift(CSS.escape(at.localName) + place);
    }
    return steps.join(" > ");
  };
  const found = [];
  for (const element of [...body.querySelectorAll("*")].slice(0, MAX_ELEMENTS)) {
    if (found.length === SHOWN) break;
    const box = element.getBoundingClientRect();
    const within = found.some((one) => one.contains(element));
    if (out(box) && !within && element.checkVisibility() && !kept(element)) found.push(element);
  }
  return {
    overflow_px: overflow,
    elements: found.map((element) => {
      const box = element.getBoundingClientRect();
      return {
        target: [path(element).slice(0, 240)],
        html: element.cloneNode(false).outerHTML.slice(0, 240),
        box: { x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height },
      };
    }),
  };
}
