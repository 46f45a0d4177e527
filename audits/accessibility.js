// Runs axe-core, which is loaded beside this, and brings back what is needed of its results.
async ({ tags, elements, characters, ping, wait }) => {
  axe.configure({ allowedOrigins: ["<unsafe_all_origins>"] });
  const results = await axe.run(document, {
    runOnly: { type: "tag", values: tags },
    resultTypes: ["violations", "incomplete"],
    elementRef: true,
    preload: false, // it would load style sheets and media once more
    pingWaitTime: ping,
    frameWaitTime: wait,
  });
  const cut = (value) => String(value ?? "").slice(0, characters);
  const values = (data) => {
    const kept = {};
    if (data && typeof data === "object" && !Array.isArray(data)) {
      for (const [name, value] of Object.entries(data).slice(0, 12)) {
        if (typeof value === "string") kept[cut(name)] = cut(value);
        else if (typeof value === "boolean" || Number.isFinite(value)) kept[cut(name)] = value;
      }
    } else if (typeof data === "string" || Number.isFinite(data)) kept.value = cut(data);
    return kept;
  };
  const box = (element) => {
    const place = element?.isConnected ? element.getBoundingClientRect() : null;
    if (!place || place.width <= 0 || place.height <= 0 || !element.checkVisibility()) return null;
    return { x: place.left + scrollX, y: place.top + scrollY, width: place.width, height: place.height };
  };
  const element = (node) => ({
    target: node.target.slice(0, 6).map((part) => cut(Array.isArray(part) ? part.join(" >>> ") : part)),
    html: cut(node.html),
    checks: [...node.any, ...node.all, ...node.none]
      .slice(0, 6)
      .map((check) => ({ id: cut(check.id), data: values(check.data) })),
    box: box(node.element),
  });
  const rules = {};
  const put = (outcome, list) => {
    for (const one of list) {
      const rule = (rules[one.id] ??= {
        id: one.id,
        outcome,
        impact: one.impact ?? "",
        tags: one.tags,
        violated: 0,
        needs_review: 0,
        elements: [],
        help: cut(one.help),
        help_url: cut(one.helpUrl),
      });
      if (outcome === "violated" || outcome === "needs_review") {
        rule[outcome] = one.nodes.length;
        rule.elements.push(...one.nodes.slice(0, elements - rule.elements.length).map(element));
      }
    }
  };
  put("violated", results.violations);
  put("needs_review", results.incomplete);
  put("passed", results.passes);
  put("not_applicable", results.inapplicable);
  return Object.values(rules);
}
