// Watches a page load through the browser's own observers; put in before any script of the page.
// Definitions: https://web.dev/articles/vitals (FCP, LCP, CLS, TTFB) and https://web.dev/articles/tbt.
(() => {
  if (window.top !== window) return;

  const now = performance.now.bind(performance);
  const entriesByType = performance.getEntriesByType.bind(performance);
  const tasks = [];
  const unsupported = [];
  let fcp = null;
  let lcp = null;
  let shiftedAt = 0;
  let paintedAt = 0;
  let taskEndedAt = 0;

  // CLS is the largest session of shifts: gaps under a second, five seconds at most.
  let cls = 0;
  let session = { first: 0, last: 0, value: 0 };

  // Nobody touches the page while it loads. What is marked as following an input follows the setting of
  // the emulated screen, which Chromium takes for one (https://crbug.com/1302667).
  const onShift = (entry) => {
    const joins =
      session.value > 0 && entry.startTime - session.last < 1000 && entry.startTime - session.first < 5000;
    session = joins
      ? { first: session.first, last: entry.startTime, value: session.value + entry.value }
      : { first: entry.startTime, last: entry.startTime, value: entry.value };
    cls = Math.max(cls, session.value);
    shiftedAt = entry.startTime;
  };

  const observers = [];
  const watch = (type, each) => {
    try {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach(each));
      observer.observe({ type, buffered: true });
      observers.push([observer, each]);
    } catch {
      unsupported.push(type);
    }
  };

  watch("paint", (entry) => {
    if (entry.name === "first-contentful-paint") fcp = entry.startTime;
  });
  watch("largest-contentful-paint", (entry) => {
    lcp = entry.startTime;
    paintedAt = entry.startTime;
  });
  watch("layout-shift", onShift);
  const onTask = (start, duration) => {
    tasks.push([start, duration]);
    taskEndedAt = Math.max(taskEndedAt, start + duration);
  };
  watch("longtask", (entry) => onTask(entry.startTime, entry.duration));
  // Style, layout and paint of a frame are a task of their own, of which Chromium tells only here.
  watch("long-animation-frame", (entry) => {
    const drawing = entry.startTime + entry.duration - entry.renderStart;
    if (entry.renderStart > 0 && drawing > 50) onTask(entry.renderStart, drawing);
  });

  const read = () => {
    for (const [observer, each] of observers) observer.takeRecords().forEach(each);
    const navigation = entriesByType("navigation")[0];
    return {
      now: now(),
      ttfb: navigation ? navigation.responseStart : null,
      load: navigation && navigation.loadEventEnd > 0 ? navigation.loadEventEnd : null,
      fcp,
      lcp,
      cls,
      tasks,
      restless_until: Math.max(paintedAt, shiftedAt, taskEndedAt),
      unsupported,
    };
  };

  Object.defineProperty(window, "__dargahVitals", { value: Object.freeze({ read }), enumerable: false });
})();
