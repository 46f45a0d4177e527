// The links that a finger would meet: in sight, and covered by nothing.
() =>
  new Set(
    [...document.querySelectorAll("a[href]")].slice(0, 1500).filter((link) => {
      const box = link.getBoundingClientRect();
      if (box.width <= 0 || box.height <= 0) return false;
      const met = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return met !== null && link.contains(met);
    }),
  )
