// The control that opens the menu on a phone: found by what such controls are called in markup.
// Returns the place to tap and the links in sight, or null if there is none in sight.
() => {
  const NAMES = /(^|[-_\s])(hamburger|burger|navbar-?toggler?|nav-?toggler?|menu-?(toggle|toggler|button|btn|icon|opener|open|trigger)|(toggle|open|mobile)-?(menu|nav))([-_\s]|$)/i;
  const LABELS = /^(menu|open menu|main menu|navigation|toggle navigation|منو|منوی اصلی|باز کردن منو|فهرست|القائمة)$/i;
  const MARK = /^\s*[☰≡≣]\s*$/;

  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  const isOpener = (element) => {
    const label = (element.getAttribute("aria-label") || element.title || element.textContent || "").trim();
    const names = `${element.id} ${element.getAttribute("class") || ""}`;
    const controls = element.getAttribute("aria-controls") || "";
    const target = controls ? document.getElementById(controls) : null;
    return (
      NAMES.test(names) ||
      LABELS.test(label) ||
      MARK.test(element.textContent || "") ||
      (element.hasAttribute("aria-expanded") && target !== null && target.querySelectorAll("a[href]").length > 2)
    );
  };
  const opener = [...document.querySelectorAll('button, summary, label, a, [role="button"], [onclick]')]
    .slice(0, 1500)
    .find((element) => visible(element) && isOpener(element));
  if (!opener) return null;
  opener.scrollIntoView({ block: "center" });
  const box = opener.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}
