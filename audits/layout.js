// Facts about a page's layout on a phone, read once when the page has settled.
// Target size and its exceptions: https://www.w3.org/TR/WCAG22/#target-size-minimum.
() => {
  const SMALL_TEXT_PX = 12;
  const TARGET_PX = 24;
  const MAX_TARGETS = 1500;
  const MAX_TEXTS = 20000;

  const root = document.documentElement;
  const body = document.body;
  const width = screen.width;

  const meta = [...document.querySelectorAll('meta[name="viewport" i]')].map((m) => m.content || "");
  const viewport = meta.some((content) => /width\s*=\s*(device-width|\d+)|initial-scale/i.test(content));

  const layoutWidth = Math.max(root.clientWidth, 1);
  // A page laid out wider than the screen is shown shrunk, its letters with it.
  const shrink = Math.min(1, width / layoutWidth);

  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };

  let letters = 0;
  let small = 0;
  const seen = new Map();
  const walker = document.createTreeWalker(body || root, NodeFilter.SHOW_TEXT);
  for (let count = 0; count < MAX_TEXTS && walker.nextNode(); count++) {
    const length = walker.currentNode.data.replace(/\s+/g, " ").trim().length;
    const parent = walker.currentNode.parentElement;
    if (!length || !parent) continue;
    if (!seen.has(parent)) {
      const shown = !/^(script|style|noscript|template|option)$/i.test(parent.tagName) && visible(parent);
      seen.set(parent, shown ? parseFloat(getComputedStyle(parent).fontSize) * shrink : null);
    }
    const size = seen.get(parent);
    if (size === null) continue;
    letters += length;
    if (size < SMALL_TEXT_PX) small += length;
  }

  const selector =
    'a[href], button, input:not([type="hidden"]), select, textarea, summary, ' +
    '[role="button"], [role="link"], [role="menuitem"], [role="tab"], [onclick]';
  const inSentence = (element) => {
    if (getComputedStyle(element).display !== "inline" || !element.parentElement) return false;
    const own = element.textContent.trim().length;
    const around = [...element.parentElement.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .reduce((sum, node) => sum + node.data.trim().length, 0);
    return own > 0 && around > 3;
  };
  const targets = [...document.querySelectorAll(selector)]
    .slice(0, MAX_TARGETS)
    .filter((element) => !element.disabled && visible(element))
    .map((element) => {
      const box = element.getBoundingClientRect();
      return {
        element,
        left: box.left,
        right: box.right,
        top: box.top,
        bottom: box.bottom,
        x: box.left + box.width / 2,
        y: box.top + box.height / 2,
        small: box.width * shrink < TARGET_PX || box.height * shrink < TARGET_PX,
      };
    });
  const reach = TARGET_PX / 2 / shrink;
  const crowded = (one) =>
    targets.some((other) => {
      if (other === one || other.element.contains(one.element) || one.element.contains(other.element)) return false;
      if (other.small && Math.hypot(one.x - other.x, one.y - other.y) < 2 * reach) return true;
      const dx = Math.max(other.left - one.x, 0, one.x - other.right);
      const dy = Math.max(other.top - one.y, 0, one.y - other.bottom);
      return Math.hypot(dx, dy) < reach;
    });
  const tooSmall = targets.filter((one) => one.small && !inSentence(one.element) && crowded(one));

  return {
    viewport_meta: viewport ? 1 : 0,
    letters,
    small_text_share: letters ? small / letters : null,
    tap_targets: targets.length,
    small_tap_targets: tooSmall.length,
  };
}
