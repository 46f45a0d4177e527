// Runs before a page's own scripts: dialogs answer at once as if they were dismissed, windows are noted
// instead of opened, and it is noted whether anything in the page heeds how far it is scrolled.
(() => {
  const limit = 20, opened = [];
  window.alert = () => undefined;
  window.confirm = () => false;
  window.prompt = () => null;
  window.print = () => undefined;
  const open = window.open.bind(window);
  window.open = (url, target, ...rest) => {
    if (/^_(self|top|parent)$/.test(target || "")) return open(url, target, ...rest);
    try {
      if (url && opened.length < limit) opened.push(new URL(url, document.baseURI).href);
    } catch { /* no address */ }
    return null;
  };
  Object.defineProperty(window, "dargahOpened", { value: () => opened.splice(0) });

  let watched = false;
  const moves = /^(scroll|scrollend|wheel|touchmove)$/;
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function addEventListener(type, ...rest) {
    watched ||= moves.test(type);
    return listen.call(this, type, ...rest);
  };
  window.IntersectionObserver = new Proxy(window.IntersectionObserver, {
    construct(...made) { watched = true; return Reflect.construct(...made); },
  });
  const heeds = (e) => Boolean(e && (e.onscroll || e.onscrollend || e.onwheel || e.ontouchmove));
  Object.defineProperty(window, "dargahWatched", { value: () => watched
    || [window, document, document.documentElement, document.body].some(heeds)
    || document.querySelector("iframe[loading=lazy]") !== null });
})()
