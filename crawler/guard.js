// Runs before a page's own scripts: dialogs answer at once as if they were dismissed, and windows are noted
// instead of opened.
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
})()
